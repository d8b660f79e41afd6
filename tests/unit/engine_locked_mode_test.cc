#include "pawl/engine/locked_mode.h"

#include <gtest/gtest.h>

namespace pawl::engine {
namespace {

using namespace std::chrono_literals;

class LockedModeTest : public testing::Test {
 protected:
  bool conflict() { return mode_.note_conflict(now_); }
  /// Conflicts until it locks; returns how long it will.
  std::chrono::seconds lock() {
    while (!conflict()) now_ += 1s;
    return mode_.stay();
  }
  /// Waits until memory is trusted again.
  void come_back() {
    now_ += mode_.stay();
    ASSERT_TRUE(mode_.end_if_over(now_));
  }

  LockedMode mode_{StateSharing::adaptive};
  SteadyTime now_{1h};
};

TEST_F(LockedModeTest, AFewConflictsInAShortTimeLock) {
  EXPECT_FALSE(conflict());
  EXPECT_FALSE(conflict());
  EXPECT_FALSE(mode_.on());
  EXPECT_TRUE(conflict());
  EXPECT_TRUE(mode_.on());
  EXPECT_FALSE(conflict()) << "it is said once";
}

TEST_F(LockedModeTest, RareConflictsDoNot) {
  for (int n = 0; n < 20; ++n) {
    EXPECT_FALSE(conflict());
    now_ += LockedMode::kConflictWindow / 2 + 1ms;
    EXPECT_FALSE(conflict());
    now_ += LockedMode::kConflictWindow / 2 + 1ms;
  }
}

TEST_F(LockedModeTest, ComesBackAfterItsTime) {
  lock();
  now_ += LockedMode::kStayMin - 1ms;
  EXPECT_FALSE(mode_.end_if_over(now_));
  EXPECT_TRUE(mode_.on());
  now_ += 1ms;
  EXPECT_TRUE(mode_.end_if_over(now_));
  EXPECT_FALSE(mode_.on());
  EXPECT_FALSE(mode_.end_if_over(now_)) << "it is said once";
}

TEST_F(LockedModeTest, ARelapseLocksAtOnceAndTwiceAsLong) {
  EXPECT_EQ(lock(), LockedMode::kStayMin);
  auto expected = LockedMode::kStayMin;
  for (int n = 0; n < 10; ++n) {
    come_back();
    now_ += 1s;
    ASSERT_TRUE(conflict());
    expected = std::min<std::chrono::seconds>(2 * expected, LockedMode::kStayMax);
    EXPECT_EQ(mode_.stay(), expected);
  }
  EXPECT_EQ(mode_.stay(), LockedMode::kStayMax);
}

TEST_F(LockedModeTest, ALongPeaceIsRemembered) {
  lock();
  come_back();
  lock();
  come_back();
  now_ += 2 * mode_.stay();
  EXPECT_FALSE(conflict());
  EXPECT_EQ(lock(), LockedMode::kStayMin);
}

TEST_F(LockedModeTest, ConfigurationFixesIt) {
  LockedMode owned{StateSharing::owned};
  LockedMode shared{StateSharing::shared};
  for (int n = 0; n < 10; ++n) {
    EXPECT_FALSE(owned.note_conflict(now_));
    EXPECT_FALSE(shared.note_conflict(now_));
  }
  EXPECT_FALSE(owned.on());
  EXPECT_TRUE(shared.on());
  EXPECT_FALSE(shared.end_if_over(now_ + 24h));
}

}  // namespace
}  // namespace pawl::engine
