#include "pawl/relay/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace pawl::relay {
namespace {

using outbox::RowNumber;
using testing::ElementsAre;

constexpr std::size_t kBound = 10;
using Rows = std::vector<RowNumber>;

StoredPosition at(std::int64_t batch, std::vector<std::int64_t> holes = {}) {
  return {batch, std::move(holes)};
}

std::size_t read_all(Progress& progress, const Rows& rows, std::int64_t horizon = 0) {
  return progress.accept(rows, horizon, true);
}

TEST(ProgressTest, MovesOverABatchWhenItsLastRowIsAcknowledged) {
  Progress progress{at(4), kBound};
  EXPECT_EQ(read_all(progress, {{5, 0}, {5, 1}}), 2);
  EXPECT_EQ(progress.position(), at(4));
  progress.released({5, 0});
  EXPECT_EQ(progress.position(), at(4));
  progress.released({5, 1});
  EXPECT_EQ(progress.position(), at(5));
}

TEST(ProgressTest, ACutBatchIsNotPassedUntilItsEndWasSeen) {
  Progress progress{at(4), kBound};
  progress.accept(Rows{{5, 0}}, 0, false);
  progress.released({5, 0});
  EXPECT_EQ(progress.position(), at(4));
  EXPECT_EQ(progress.cursor(), (RowNumber{5, 0}));
  read_all(progress, {{5, 1}});
  progress.released({5, 1});
  EXPECT_EQ(progress.position(), at(5));
}

TEST(ProgressTest, AWholeBatchFollowsWithoutARead) {
  Progress progress{at(4, {3}), kBound};
  progress.accept_batch(5, 2);
  EXPECT_EQ(progress.position(), at(4, {3}));
  progress.released({5, 0});
  progress.released({5, 1});
  EXPECT_EQ(progress.position(), at(5, {3}));
  progress.accept_batch(6, 0);
  EXPECT_EQ(progress.position(), at(6, {3})) << "a number without rows";
  EXPECT_EQ(read_all(progress, {{7, 0}}), 1);
  progress.accept_batch(8, 1);
  progress.released({7, 0});
  EXPECT_EQ(progress.position(), at(7, {3}));
}

TEST(ProgressTest, AWholeBatchMayFollowOnlyAtABatchsEnd) {
  Progress progress{at(4), kBound};
  EXPECT_TRUE(progress.at_batch_end());
  progress.accept(Rows{{5, 0}}, 0, false);
  EXPECT_FALSE(progress.at_batch_end());
  EXPECT_THROW(progress.accept_batch(6, 1), std::logic_error);
  read_all(progress, {{5, 1}});
  EXPECT_THROW(progress.accept_batch(7, 1), std::logic_error) << "behind a gap";
  progress.accept_batch(6, 1);
}

TEST(ProgressTest, SkippedNumbersAreStoredAsHoles) {
  Progress progress{at(4), kBound};
  read_all(progress, {{7, 0}});
  progress.released({7, 0});
  EXPECT_EQ(progress.position(), at(7, {5, 6}));
}

TEST(ProgressTest, AHoleThatAppearsIsOwedLikeAnyOtherRow) {
  Progress progress{at(7, {5, 6}), kBound};
  EXPECT_EQ(read_all(progress, {{5, 0}, {8, 0}}), 2);
  progress.released({5, 0});
  EXPECT_EQ(progress.position(), at(7, {6}));
  progress.released({8, 0});
  EXPECT_EQ(progress.position(), at(8, {6}));
}

TEST(ProgressTest, AGapThatDoesNotFitIsTakenInSteps) {
  Progress progress{at(0), 3};
  EXPECT_EQ(read_all(progress, {{6, 0}}), 0);
  EXPECT_TRUE(progress.at_bound());
  EXPECT_EQ(progress.position(), at(3, {1, 2, 3}));
  progress.holes().begin_dating();
  progress.holes().date(50);
  EXPECT_EQ(read_all(progress, {{6, 0}}, 50), 1);
  EXPECT_FALSE(progress.at_bound());
  progress.released({6, 0});
  EXPECT_EQ(progress.position(), at(6, {4, 5}));
}

TEST(ProgressTest, RowsThatWereNotAskedForAreRefused) {
  Progress progress{at(7), kBound};
  EXPECT_THROW(read_all(progress, {{3, 0}}), std::logic_error);
  EXPECT_THROW(read_all(progress, {{9, 0}, {8, 0}}), std::logic_error);
}

TEST(ProgressTest, AnEmptyReadChangesNothing) {
  Progress progress{at(7, {3}), kBound};
  EXPECT_EQ(read_all(progress, {}), 0);
  EXPECT_EQ(progress.position(), at(7, {3}));
}

}  // namespace
}  // namespace pawl::relay
