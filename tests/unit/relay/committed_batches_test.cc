#include "pawl/outbox/committed_batches.h"

#include <gtest/gtest.h>

namespace pawl::outbox {
namespace {

constexpr std::int64_t kPlenty = 1 << 20;

CommittedBatch batch(std::int64_t number, std::size_t rows = 1) {
  const std::string payload(1000, 'x');
  CommittedBatch batch{number, {}};
  for (std::size_t row = 0; row < rows; ++row) batch.rows.add({.payload = payload});
  return batch;
}

TEST(CommittedBatchesTest, GivesEachBatchOnceByItsNumber) {
  CommittedBatches batches{kPlenty};
  batches.put(batch(8, 3));
  batches.put(batch(7, 2));
  EXPECT_EQ(batches.take(7)->rows.size(), 2);
  EXPECT_EQ(batches.take(7), std::nullopt);
  EXPECT_EQ(batches.take(8)->rows.size(), 3);
  EXPECT_FALSE(batches.forget_to(0));
}

TEST(CommittedBatchesTest, WhatLiesBehindAGapIsKeptAndWhatWasPassedIsForgotten) {
  CommittedBatches batches{kPlenty};
  batches.put(batch(5));
  batches.put(batch(9));
  EXPECT_EQ(batches.take(8), std::nullopt);
  EXPECT_TRUE(batches.forget_to(5));
  EXPECT_EQ(batches.take(5), std::nullopt);
  EXPECT_NE(batches.take(9), std::nullopt);
}

TEST(CommittedBatchesTest, AtTheBoundTheLowestNumbersGo) {
  CommittedBatches batches{10'000};
  for (std::int64_t number = 1; number <= 20; ++number) batches.put(batch(number));
  EXPECT_EQ(batches.take(1), std::nullopt);
  std::int64_t kept = 0;
  for (std::int64_t number = 2; number <= 20; ++number) kept += batches.take(number) ? 1 : 0;
  EXPECT_GE(kept, 5);
  EXPECT_LE(kept, 9);
}

TEST(CommittedBatchesTest, ABatchAboveTheBoundIsNotKept) {
  CommittedBatches batches{10'000};
  batches.put(batch(1, 100));
  EXPECT_FALSE(batches.forget_to(0));
}

TEST(CommittedBatchesTest, ManyEmptyBatchesAreBoundedToo) {
  CommittedBatches batches{10'000};
  for (std::int64_t number = 1; number <= 1000; ++number) batches.put(batch(number, 0));
  EXPECT_EQ(batches.take(900), std::nullopt);
}

}  // namespace
}  // namespace pawl::outbox
