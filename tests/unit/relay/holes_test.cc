#include "pawl/relay/holes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace pawl::relay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kAll = std::numeric_limits<std::int64_t>::max();

Holes with_hole(std::int64_t batch) {
  Holes holes{10};
  EXPECT_TRUE(holes.notice(batch));
  return holes;
}

void date(Holes& holes, std::int64_t transaction_id) {
  holes.begin_dating();
  holes.date(transaction_id);
}

TEST(HolesTest, LivesWhileItsTransactionMayBeOpen) {
  Holes holes = with_hole(5);
  date(holes, 100);
  holes.seen_below(kAll, 99);
  EXPECT_THAT(holes.unfinished(10), ElementsAre(5));
}

TEST(HolesTest, IsDeadWhenEveryTransactionBeforeTheDatingHasEnded) {
  Holes holes = with_hole(5);
  date(holes, 100);
  holes.seen_below(kAll, 100);
  EXPECT_EQ(holes.size(), 0);
}

TEST(HolesTest, WithoutADatingNoHorizonKillsIt) {
  Holes holes = with_hole(5);
  holes.seen_below(kAll, 1'000'000);
  EXPECT_EQ(holes.size(), 1);
}

TEST(HolesTest, AnIdDrawnBeforeItWasNoticedDoesNotDateIt) {
  Holes holes = with_hole(5);
  holes.begin_dating();
  ASSERT_TRUE(holes.notice(6));
  holes.date(100);
  holes.seen_below(kAll, 100);
  EXPECT_THAT(holes.unfinished(10), ElementsAre(6));
  EXPECT_TRUE(holes.undated());
}

TEST(HolesTest, ALostDrawingIsRepeated) {
  Holes holes = with_hole(5);
  holes.begin_dating();
  EXPECT_FALSE(holes.undated());
  holes.abandon_dating();
  EXPECT_TRUE(holes.undated());
}

TEST(HolesTest, WhatACutReadDidNotReachIsNotMissed) {
  Holes holes = with_hole(5);
  date(holes, 100);
  holes.seen_below(5, 200);
  EXPECT_EQ(holes.size(), 1);
}

TEST(HolesTest, FoundRowsKeepItUntilTheyAreAcknowledged) {
  Holes holes = with_hole(5);
  holes.found({5, 0});
  holes.found({5, 1});
  holes.seen_below(kAll, 200);
  EXPECT_THAT(holes.open(), IsEmpty()) << "read to its end";
  holes.released(5);
  EXPECT_EQ(holes.size(), 1);
  holes.released(5);
  EXPECT_EQ(holes.size(), 0);
}

TEST(HolesTest, ACutHoleIsReadOnFromWhereItWasCut) {
  Holes holes = with_hole(5);
  holes.found({5, 7});
  holes.seen_below(5, 200);
  ASSERT_EQ(holes.open().size(), 1);
  EXPECT_EQ(holes.open()[0].after_index, 7);
  holes.released(5);
  EXPECT_EQ(holes.size(), 1) << "there may be more rows of it";
}

TEST(HolesTest, RefusesMoreThanItsBound) {
  Holes holes{1};
  EXPECT_TRUE(holes.notice(5));
  EXPECT_FALSE(holes.notice(6));
  EXPECT_THAT(holes.unfinished(10), ElementsAre(5));
}

}  // namespace
}  // namespace pawl::relay
