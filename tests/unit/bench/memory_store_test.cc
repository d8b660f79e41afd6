#include "bench/floor/memory_store.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace pawl::bench {
namespace {

using engine::ClaimAnswer;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kKnownAccount = 7;

const engine::TableShape kAccounts{
    "accounts", {{"id", ColumnType::bigint}, {"balance", ColumnType::bigint}}, "version"};

Uuid id(std::uint64_t n) {
  return Uuid::v7(std::chrono::milliseconds{1}, n, n);
}

ColumnArray numbers(std::vector<std::int64_t> values) {
  return values;
}

engine::ClaimRequest claim_of(std::uint64_t n) {
  engine::ClaimRequest request;
  request.claims.push_back({id(n), static_cast<std::int64_t>(n)});
  return request;
}

engine::SaveRequest update(std::int64_t account, std::int64_t balance, std::int64_t version) {
  engine::SaveRequest request;
  request.writes.push_back(
      {&kAccounts, {numbers({account}), numbers({balance})}, {version}, {version - 1}});
  return request;
}

class MemoryStoreTest : public testing::Test {
 protected:
  MemoryStoreTest() { store.reconnect(2); }

  engine::Session& session(int index) { return store.session(index); }

  /// The whole of a transaction, alone.
  void commit(const engine::ClaimRequest& claim, const engine::SaveRequest& save) {
    session(0).claim(claim);
    session(0).save(save);
    session(0).fence({});
    session(0).commit();
    while (store.answer_next()) {
    }
    while (session(0).receive()) {
    }
  }

  /// The next answer of a session, after the store's turn.
  engine::Answer answer(int index) {
    EXPECT_TRUE(store.answer_next());
    auto answer = session(index).receive();
    EXPECT_TRUE(answer.has_value()) << "another session's turn";
    return answer ? std::move(*answer) : engine::Answer{engine::SaveAnswer{}};
  }

  std::vector<RecordedBatch> recorded;
  MemoryStore store{
      [](const engine::TableShape& /*table*/, std::int64_t key) -> std::optional<test::StateRow> {
        if (key != kKnownAccount) return std::nullopt;
        return test::StateRow{{key, std::int64_t{100}}, 1};
      },
      recorded};
};

TEST_F(MemoryStoreTest, KeepsWhatCommittedBatchesAskedFor) {
  commit(claim_of(1), update(kKnownAccount, 90, 2));
  commit(claim_of(2), update(kKnownAccount, 80, 3));
  ASSERT_THAT(recorded, SizeIs(2));
  EXPECT_EQ(recorded[1].claim.claims.at(0).id, id(2));
  EXPECT_THAT(recorded[1].save.writes.at(0).versions, ElementsAre(3));
}

TEST_F(MemoryStoreTest, KeepsNothingOfABatchThatIsNotCommitted) {
  session(0).claim(claim_of(1));
  session(0).save({});
  while (store.answer_next()) {
  }
  EXPECT_THAT(recorded, IsEmpty());
}

TEST_F(MemoryStoreTest, AnIdThatWasClaimedBeforeIsKnownWithItsFirstFingerprint) {
  commit(claim_of(1), {});
  engine::ClaimRequest again = claim_of(1);
  again.claims.front().fingerprint = 999;
  session(0).claim(again);
  const engine::Answer answered = answer(0);
  EXPECT_THAT(std::get<ClaimAnswer>(answered).known, ElementsAre(std::pair{id(1), 1}));
}

TEST_F(MemoryStoreTest, LoadsRowsAsTheyWereFirstAndThenAsWritten) {
  engine::ClaimRequest request;
  request.loads.push_back({&kAccounts, numbers({kKnownAccount, 8})});
  session(0).claim(request);
  const engine::Answer first = answer(0);
  const engine::TableRows& before = std::get<ClaimAnswer>(first).rows.at(0);
  EXPECT_EQ(before.columns.at(1), numbers({100}));
  EXPECT_THAT(before.versions, ElementsAre(1)) << "an absent row has none";

  session(0).save(update(kKnownAccount, 60, 2));
  answer(0);
  session(1).claim(request);
  const engine::Answer second = answer(1);
  const engine::TableRows& after = std::get<ClaimAnswer>(second).rows.at(0);
  EXPECT_EQ(after.columns.at(1), numbers({60}));
  EXPECT_THAT(after.versions, ElementsAre(2));
}

TEST_F(MemoryStoreTest, AClaimIsAnsweredBeforeTheSaveOfTheBatchAhead) {
  session(0).claim(claim_of(1));
  answer(0);
  session(0).save({});
  session(1).claim(claim_of(2));
  EXPECT_TRUE(std::holds_alternative<ClaimAnswer>(answer(1)));
  EXPECT_TRUE(std::holds_alternative<engine::SaveAnswer>(answer(0)));
}

TEST_F(MemoryStoreTest, OutboxNumbersGrow) {
  session(0).claim(claim_of(1));
  const auto first = std::get<ClaimAnswer>(answer(0)).outbox_batch;
  session(1).claim(claim_of(2));
  EXPECT_GT(std::get<ClaimAnswer>(answer(1)).outbox_batch, first);
}

TEST_F(MemoryStoreTest, WhatNoFloorCouldRepeatIsRefused) {
  engine::SaveRequest failed;
  failed.unclaim.push_back(id(1));
  EXPECT_THROW(session(0).save(failed), std::logic_error);
  EXPECT_THROW(session(0).rollback(), std::logic_error);
  EXPECT_THROW(store.take_back({}, 1, 2), std::logic_error);
}

}  // namespace
}  // namespace pawl::bench
