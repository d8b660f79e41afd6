#include <gtest/gtest.h>

#include "pawl/relay/active_turn.h"

namespace pawl::relay {
namespace {

using namespace std::chrono_literals;

TEST(RestAfterReadTest, IsThePollWhileReadsAreQuick) {
  EXPECT_EQ(rest_after_read(10ms, 0ms), 10ms);
  EXPECT_EQ(rest_after_read(10ms, 1ms), 10ms);
}

TEST(RestAfterReadTest, GrowsWithWhatTheReadTook) {
  EXPECT_EQ(rest_after_read(10ms, 3ms), 30ms);
  EXPECT_EQ(rest_after_read(10ms, 50ms), 100ms);
}

TEST(RestAfterReadTest, AStalledDatabaseDoesNotKeepForeignRowsWaitingForMinutes) {
  EXPECT_EQ(rest_after_read(10ms, 14s), 14s);
}

TEST(RestAfterReadTest, ALongPollIsWhatWasAskedFor) {
  EXPECT_EQ(rest_after_read(10s, 1ms), 10s);
}

}  // namespace
}  // namespace pawl::relay
