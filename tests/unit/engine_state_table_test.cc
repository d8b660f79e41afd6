#include "engine_fixture.h"

namespace pawl::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class StateTableTest : public testing::Test {
 protected:
  Counters counters_ = make_counters();
};

TEST_F(StateTableTest, AsksForWhatMemoryLacksOnce) {
  counters_.begin_batch(1);
  for (const std::int64_t key : {7, 8, 7}) counters_.need(key);
  const auto load = counters_.take_needs();
  ASSERT_TRUE(load);
  EXPECT_EQ(load->table->name, "test.counter");
  EXPECT_THAT(ids_of(load->keys), ElementsAre(7, 8));
  EXPECT_FALSE(counters_.take_needs());
}

TEST_F(StateTableTest, WhatWasLoadedIsNotAskedForAgain) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  EXPECT_THAT(begin(counters_, 2, {7}, {}), IsEmpty());
  ASSERT_TRUE(counters_.find(7));
  EXPECT_EQ(counters_.find(7)->value, 70);
  EXPECT_EQ(counters_.version(7), 3);
}

TEST_F(StateTableTest, AbsenceIsAskedForAgain) {
  begin(counters_, 1, {7}, {});
  EXPECT_EQ(counters_.find(7), nullptr);
  EXPECT_EQ(counters_.version(7), 0);
  EXPECT_THAT(begin(counters_, 2, {7}, {{7, 1, 1}}), ElementsAre(7));
  EXPECT_NE(counters_.find(7), nullptr);
}

TEST_F(StateTableTest, ALoadNeverOverwritesMemory) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  add(counters_, 7, 1);
  counters_.accept({&counters_.shape(), Ids{7}}, rows({{7, 70, 3}}));
  EXPECT_EQ(counters_.find(7)->value, 71);
}

TEST_F(StateTableTest, DistrustedRowsAreLoadedAgainAndComparedByVersion) {
  begin(counters_, 1, {7, 8}, {{7, 70, 3}, {8, 80, 1}});
  add(counters_, 7, 1);
  counters_.take_changes(1, 1);
  counters_.distrust();
  counters_.begin_batch(2);
  for (const std::int64_t key : {7, 8}) counters_.need(key);
  const auto load = counters_.take_needs();
  ASSERT_TRUE(load);
  EXPECT_THAT(ids_of(load->keys), ElementsAre(7, 8));
  EXPECT_EQ(counters_.accept(*load, rows({{7, 71, 4}, {8, 99, 2}})), 1) << "8 was changed";
  EXPECT_EQ(counters_.find(7)->value, 71);
  EXPECT_EQ(counters_.find(8)->value, 99);
}

TEST_F(StateTableTest, UnknownKeysAreMistakesOfTheHandler) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  EXPECT_THROW((void)counters_.find(8), std::logic_error);
  EXPECT_THROW((void)counters_.edit(8), std::logic_error);
  EXPECT_THROW(counters_.insert({8, 0}), std::logic_error);
  EXPECT_THROW(counters_.insert({7, 0}), std::logic_error);
  begin(counters_, 2, {9}, {});
  EXPECT_THROW((void)counters_.edit(9), std::logic_error);
}

TEST_F(StateTableTest, EachCommandRaisesTheVersionByOne) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  counters_.begin_command(0);
  counters_.edit(7).value = 1;
  counters_.edit(7).value = 2;
  counters_.keep();
  EXPECT_EQ(counters_.version(7), 4);
  add(counters_, 7, 1);
  EXPECT_EQ(counters_.version(7), 5);
  const TableChanges changes = counters_.take_changes(1, 1);
  EXPECT_THAT(keys_of(changes.updates), ElementsAre(7));
  EXPECT_THAT(values_of(changes.updates), ElementsAre(3));
  EXPECT_THAT(versions_of(changes.updates), ElementsAre(5));
  EXPECT_THAT(seen_of(changes.updates), ElementsAre(3));
  EXPECT_FALSE(changes.inserts);
  EXPECT_FALSE(changes.later);
  EXPECT_FALSE(changes.reads);
}

TEST_F(StateTableTest, AnUndoneCommandLeavesNoTraceButItsReads) {
  begin(counters_, 1, {7, 8}, {{7, 70, 3}});
  counters_.begin_command(0);
  counters_.edit(7).value = 0;
  counters_.insert({8, 5});
  counters_.edit(8).value = 6;
  counters_.undo();
  EXPECT_EQ(counters_.find(7)->value, 70);
  EXPECT_EQ(counters_.version(7), 3);
  EXPECT_EQ(counters_.find(8), nullptr);
  EXPECT_EQ(counters_.version(8), 0);
  const TableChanges changes = counters_.take_changes(1, 1);
  EXPECT_FALSE(changes.inserts || changes.updates || changes.later);
  EXPECT_THAT(reads_of(changes), UnorderedElementsAre(Pair(7, 3), Pair(8, kAbsent)));
}

TEST_F(StateTableTest, AnUndoneCommandDoesNotUndoItsPredecessor) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  add(counters_, 7, 1);
  add(counters_, 7, 100, false);
  add(counters_, 7, 1);
  const TableChanges changes = counters_.take_changes(1, 1);
  EXPECT_THAT(values_of(changes.updates), ElementsAre(72));
  EXPECT_THAT(versions_of(changes.updates), ElementsAre(5));
  EXPECT_THAT(seen_of(changes.updates), ElementsAre(3));
}

TEST_F(StateTableTest, ARowAddedAndChangedInOneBatchIsInserted) {
  begin(counters_, 1, {8}, {});
  insert(counters_, {8, 5});
  add(counters_, 8, 1);
  const TableChanges changes = counters_.take_changes(1, 1);
  EXPECT_THAT(keys_of(changes.inserts), ElementsAre(8));
  EXPECT_THAT(values_of(changes.inserts), ElementsAre(6));
  EXPECT_THAT(versions_of(changes.inserts), ElementsAre(2));
  EXPECT_THAT(seen_of(changes.inserts), IsEmpty());
  EXPECT_FALSE(changes.updates);
}

TEST_F(StateTableTest, AnInsertThatWasUndoneMayBeMadeAgain) {
  begin(counters_, 1, {8}, {});
  insert(counters_, {8, 5}, false);
  insert(counters_, {8, 6});
  const TableChanges changes = counters_.take_changes(1, 1);
  EXPECT_THAT(values_of(changes.inserts), ElementsAre(6));
  EXPECT_THAT(versions_of(changes.inserts), ElementsAre(1));
}

TEST_F(StateTableTest, WhatAnEarlierBatchInFlightWroteIsWrittenLater) {
  begin(counters_, 1, {7, 8}, {{7, 70, 3}});
  add(counters_, 7, 1);
  insert(counters_, {8, 5});
  (void)counters_.take_changes(1, 1);
  begin(counters_, 2, {7, 8, 9}, {{9, 90, 1}});
  for (const std::int64_t key : {7, 8, 9}) add(counters_, key, 1);
  const TableChanges changes = counters_.take_changes(2, 1);
  EXPECT_THAT(keys_of(changes.updates), ElementsAre(9));
  EXPECT_THAT(keys_of(changes.later), ElementsAre(7, 8));
  EXPECT_THAT(seen_of(changes.later), ElementsAre(4, 1));
  EXPECT_FALSE(changes.inserts);
}

// The earlier batch's check takes a share lock: a write before it would make both wait for each
// other.
TEST_F(StateTableTest, WhatAnEarlierBatchInFlightReadIsWrittenLater) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  add(counters_, 7, 1, false);
  EXPECT_THAT(reads_of(counters_.take_changes(1, 1)), ElementsAre(Pair(7, 3)));
  begin(counters_, 2, {7}, {});
  add(counters_, 7, 1);
  const TableChanges changes = counters_.take_changes(2, 1);
  EXPECT_FALSE(changes.updates);
  EXPECT_THAT(keys_of(changes.later), ElementsAre(7));
}

TEST_F(StateTableTest, WhatASettledBatchWroteIsWrittenAtOnce) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  add(counters_, 7, 1);
  (void)counters_.take_changes(1, 1);
  counters_.settle(1);
  begin(counters_, 2, {7}, {});
  add(counters_, 7, 1);
  const TableChanges changes = counters_.take_changes(2, 2);
  EXPECT_THAT(keys_of(changes.updates), ElementsAre(7));
  EXPECT_THAT(seen_of(changes.updates), ElementsAre(4));
  EXPECT_FALSE(changes.later);
}

TEST_F(StateTableTest, AReadExpectsWhatEarlierBatchesWillHaveWritten) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  add(counters_, 7, 1);
  (void)counters_.take_changes(1, 1);
  begin(counters_, 2, {7}, {});
  counters_.begin_command(0);
  (void)counters_.find(7);
  counters_.keep();
  EXPECT_THAT(reads_of(counters_.take_changes(2, 1)), ElementsAre(Pair(7, 4)));
}

TEST_F(StateTableTest, WhatWasOnlyNeededIsNotChecked) {
  begin(counters_, 1, {7, 8}, {{7, 70, 3}});
  const TableChanges changes = counters_.take_changes(1, 1);
  EXPECT_FALSE(changes.reads);
}

TEST_F(StateTableTest, ReadsAreCheckedInEachBatchAnew) {
  for (BatchNumber number = 1; number <= 2; ++number) {
    begin(counters_, number, {7}, {{7, 70, 3}});
    counters_.begin_command(0);
    (void)counters_.find(7);
    counters_.keep();
    EXPECT_THAT(reads_of(counters_.take_changes(number, number)), ElementsAre(Pair(7, 3)));
  }
}

TEST_F(StateTableTest, ForgettingReadsAgain) {
  begin(counters_, 1, {7}, {{7, 70, 3}});
  add(counters_, 7, 1);
  counters_.forget();
  EXPECT_THAT(begin(counters_, 2, {7}, {{7, 75, 9}}), ElementsAre(7));
  add(counters_, 7, 1);
  const TableChanges changes = counters_.take_changes(2, 2);
  EXPECT_THAT(values_of(changes.updates), ElementsAre(76));
  EXPECT_THAT(seen_of(changes.updates), ElementsAre(9));
}

TEST_F(StateTableTest, SeededRowsNeedNoDatabase) {
  counters_.seed({7, 70});
  counters_.seed_absent(8);
  EXPECT_EQ(counters_.find(7)->value, 70);
  EXPECT_EQ(counters_.find(8), nullptr);
}

}  // namespace
}  // namespace pawl::engine
