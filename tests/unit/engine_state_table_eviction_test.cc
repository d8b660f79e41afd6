// The cache is bounded; rows of batches in flight always stay.
#include "engine_fixture.h"

namespace pawl::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<StoredCounter> stored(std::int64_t from, std::int64_t to) {
  std::vector<StoredCounter> rows;
  for (std::int64_t id = from; id <= to; ++id) rows.push_back({id, id, 1});
  return rows;
}

Ids ids(std::int64_t from, std::int64_t to) {
  Ids all;
  for (std::int64_t id = from; id <= to; ++id) all.push_back(id);
  return all;
}

void run_batch(Counters& counters, BatchNumber number, std::int64_t from, std::int64_t to) {
  begin(counters, number, ids(from, to), stored(from, to));
  for (std::int64_t id = from; id <= to; ++id) add(counters, id, 1);
  (void)counters.take_changes(number, number);
}

TEST(StateTableEviction, TheLeastRecentlyUsedRowsLeaveFirst) {
  Counters counters = make_counters(8);
  for (BatchNumber number = 1; number <= 5; ++number) {
    const auto first = static_cast<std::int64_t>(number) * 2;
    run_batch(counters, number, first, first + 1);
    counters.settle(number);
  }
  EXPECT_THAT(begin(counters, 6, {10, 11}, {}), IsEmpty());
  EXPECT_THAT(begin(counters, 7, {2}, stored(2, 2)), ElementsAre(2));
}

TEST(StateTableEviction, MemoryStaysBounded) {
  Counters counters = make_counters(100);
  std::int64_t asked = 0;
  for (BatchNumber number = 1; number <= 50; ++number) {
    const auto first = static_cast<std::int64_t>(number) * 20;
    run_batch(counters, number, first, first + 19);
    counters.settle(number);
  }
  for (std::int64_t id = 20; id <= 1019; ++id) {
    asked += static_cast<std::int64_t>(begin(counters, 51, {id}, stored(id, id)).size());
  }
  EXPECT_GE(asked, 900);
  EXPECT_LE(asked, 950);
}

// Batch 2 has needed a row of batch 1, and decides only after batch 1 is settled and the cache cut
// down.
TEST(StateTableEviction, RowsOfBatchesInFlightStay) {
  Counters counters = make_counters(4);
  run_batch(counters, 1, 1, 8);
  EXPECT_THAT(begin(counters, 2, ids(1, 8), {}), IsEmpty());
  counters.settle(1);
  for (std::int64_t id = 1; id <= 8; ++id) {
    ASSERT_NE(counters.find(id), nullptr) << id;
    EXPECT_EQ(counters.find(id)->value, id + 1);
  }
}

// What leaves was settled: it comes back as the database has it.
TEST(StateTableEviction, AnEvictedRowComesBackWithItsVersion) {
  Counters counters = make_counters(2);
  run_batch(counters, 1, 1, 1);
  counters.settle(1);
  run_batch(counters, 2, 10, 15);
  counters.settle(2);
  EXPECT_THAT(begin(counters, 3, {1}, {{1, 2, 2}}), ElementsAre(1));
  add(counters, 1, 1);
  const TableChanges changes = counters.take_changes(3, 3);
  EXPECT_THAT(seen_of(changes.updates), ElementsAre(2));
}

}  // namespace
}  // namespace pawl::engine
