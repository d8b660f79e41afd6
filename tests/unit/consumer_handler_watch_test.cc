#include <gtest/gtest.h>

#include "pawl/consumer/handler_watch.h"
#include "support/records.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

class HandlerWatchTest : public testing::Test {
 protected:
  void handle(std::int64_t offset) {
    Record record;
    record.partition = 3;
    record.offset = offset;
    handling_.begin(kType, record);
  }
  /// Looks every second for so long; whether it was ever said that the handler hangs.
  bool hangs_within(std::chrono::seconds time) {
    bool hangs = false;
    for (auto passed = 0s; passed < time; passed += 1s) hangs |= look_after(1s);
    return hangs;
  }
  bool look_after(std::chrono::seconds time) {
    now_ += time;
    return watch_.hangs(handling_.read(), now_);
  }

  static constexpr auto kDeadline = 8s;
  const codec::CommandType kType{"test.Command", nullptr, nullptr, nullptr};
  engine::Handling handling_;
  HandlerWatch watch_{kDeadline, 1s};
  SteadyTime now_{1h};
};

TEST_F(HandlerWatchTest, NobodyIsInAHandler) {
  EXPECT_FALSE(hangs_within(60s));
  handle(1);
  handling_.end();
  EXPECT_FALSE(hangs_within(60s));
}

TEST_F(HandlerWatchTest, ACallThatDoesNotComeBackHangs) {
  handle(41);
  EXPECT_FALSE(hangs_within(kDeadline));
  EXPECT_TRUE(hangs_within(1s));
  EXPECT_EQ(handling_.read().offset, 41);
  EXPECT_EQ(handling_.read().partition, 3);
  EXPECT_EQ(handling_.read().type, &kType);
}

TEST_F(HandlerWatchTest, ManyShortCallsAreNoLongOne) {
  for (int i = 0; i < 60; ++i) {
    handle(i);
    EXPECT_FALSE(look_after(1s));
    if (i % 3 == 0) handling_.end();
  }
}

TEST_F(HandlerWatchTest, TheSameCommandAgainIsAnotherCall) {
  for (int i = 0; i < 60; ++i) {
    handle(7);
    EXPECT_FALSE(look_after(1s));
  }
}

TEST_F(HandlerWatchTest, AProcessThatWasStoppedHasNotHung) {
  handle(1);
  EXPECT_FALSE(look_after(1s));
  EXPECT_FALSE(look_after(3600s));
  EXPECT_TRUE(hangs_within(kDeadline)) << "but this one has";
}

}  // namespace
}  // namespace pawl
