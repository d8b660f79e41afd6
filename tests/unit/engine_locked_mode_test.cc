#include <gtest/gtest.h>

#include "pawl/engine/locked_mode.h"

namespace pawl::engine {
namespace {

using namespace std::chrono_literals;

class LockedModeTest : public testing::Test {
 protected:
  bool conflict() { return mode_.note_conflict(now_); }
  void commit(int batches) {
    for (int n = 0; n < batches; ++n) mode_.note_commit();
  }
  void lock() {
    while (!conflict()) {
    }
  }

  LockedMode mode_{StateSharing::adaptive};
  SteadyTime now_{1h};
};

TEST_F(LockedModeTest, AFewConflictsInFewBatchesLock) {
  EXPECT_FALSE(conflict());
  commit(LockedMode::kBatchesMax / 2);
  EXPECT_FALSE(conflict());
  commit(LockedMode::kBatchesMax / 2);
  EXPECT_FALSE(mode_.on());
  EXPECT_TRUE(conflict());
  EXPECT_TRUE(mode_.on());
  EXPECT_FALSE(conflict()) << "it is said once";
}

TEST_F(LockedModeTest, RareConflictsDoNot) {
  for (int n = 0; n < 20; ++n) {
    EXPECT_FALSE(conflict());
    commit(LockedMode::kBatchesMax / 2 + 1);
  }
}

TEST_F(LockedModeTest, PeaceEndsIt) {
  lock();
  now_ += LockedMode::kPeace - 1ms;
  EXPECT_FALSE(mode_.end_if_over(now_));
  EXPECT_TRUE(mode_.on());
  now_ += 1ms;
  EXPECT_TRUE(mode_.end_if_over(now_));
  EXPECT_FALSE(mode_.on());
  EXPECT_FALSE(mode_.end_if_over(now_)) << "it is said once";
  EXPECT_FALSE(conflict()) << "it takes some conflicts again";
}

TEST_F(LockedModeTest, EachForeignChangeProlongsIt) {
  lock();
  for (int n = 0; n < 10; ++n) {
    now_ += LockedMode::kPeace - 1ms;
    EXPECT_FALSE(mode_.end_if_over(now_));
    mode_.note_foreign_change(now_);
  }
  now_ += LockedMode::kPeace;
  EXPECT_TRUE(mode_.end_if_over(now_));
  mode_.note_foreign_change(now_);
  EXPECT_FALSE(mode_.on()) << "only conflicts begin it";
}

TEST_F(LockedModeTest, SoDoesEachConflict) {
  lock();
  now_ += LockedMode::kPeace - 1ms;
  EXPECT_FALSE(conflict());
  now_ += LockedMode::kPeace - 1ms;
  EXPECT_FALSE(mode_.end_if_over(now_));
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
