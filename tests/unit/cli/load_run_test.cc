#include "command_publisher/load_run.h"

#include <gtest/gtest.h>

namespace command_publisher {
namespace {

using namespace std::chrono_literals;

/// Time passes only while somebody waits, and a little with each look.
class TurnedClock final : public pawl::Clock {
 public:
  [[nodiscard]] pawl::SteadyTime now() const override { return now_; }
  [[nodiscard]] pawl::WallTime wall() const override { return pawl::WallTime{1'800'000'000'000ms}; }
  void turn(std::chrono::nanoseconds by) { now_ += by; }

 private:
  pawl::SteadyTime now_{1h};
};

class LoadRunTest : public testing::Test {
 protected:
  void run(const LoadPlan& plan, LoadShape shape = {.accounts = 10, .open_accounts = false}) {
    LoadGenerator generator{std::move(shape)};
    LoadRun run{plan,
                {.generator = generator,
                 .clock = clock_,
                 .sink =
                     [this](const GeneratedRecord& record, pawl::WallTime) {
                       ++sent_;
                       if (record.kind == Kind::open) ++opened_;
                     },
                 .pause =
                     [this](std::chrono::nanoseconds time) {
                       clock_.turn(time + 10us);
                       return sent_ >= stop_at_;
                     },
                 .progress = [this](const LoadProgress&) { ++reports_; },
                 .room = [this] { return room_ > sent_ ? room_ - sent_ : 0; }}};
    if (run.open_accounts()) run.run();
  }

  TurnedClock clock_;
  pawl::SteadyTime begun_ = clock_.now();
  std::uint64_t sent_ = 0;
  std::uint64_t opened_ = 0;
  std::uint64_t stop_at_ = 1'000'000;
  std::uint64_t room_ = 1'000'000;
  int reports_ = 0;
};

TEST_F(LoadRunTest, SendsExactlyTheCount) {
  run({.count = 1001});
  EXPECT_EQ(sent_, 1001U);
}

TEST_F(LoadRunTest, OpensDoNotCount) {
  run({.count = 1001}, {.accounts = 300});
  EXPECT_EQ(opened_, 300U);
  EXPECT_EQ(sent_, 1301U);
}

TEST_F(LoadRunTest, KeepsTheRate) {
  run({.per_second = 5000, .duration = 2s});
  EXPECT_NEAR(static_cast<double>(sent_), 10'000, 20);
  EXPECT_NEAR(static_cast<double>((clock_.now() - begun_) / 1ms), 2000, 5);
  EXPECT_NEAR(reports_, 20, 2);
}

TEST_F(LoadRunTest, StopsWhenTold) {
  stop_at_ = 5000;
  run({});
  EXPECT_GE(sent_, 5000U);
  EXPECT_LT(sent_, 5500U);
}

TEST_F(LoadRunTest, SendsNoMoreThanThereIsRoomFor) {
  room_ = 700;
  run({.duration = 1s});
  EXPECT_EQ(sent_, 700U);
}

}  // namespace
}  // namespace command_publisher
