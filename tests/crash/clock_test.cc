// The worker's clock is a day off the database's and the broker's. What is stored and what is
// deduped go by the database's clock; only log lines, ids of events and the records' timestamps go
// by the worker's.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/preload.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr int kDay = 24 * 60 * 60;  // seconds

class ClockTest : public testing::Test {
 protected:
  void start(int shift) {
    ledger_.reset();
    world_.end_relay_turn();
    ledger_ = world_.start_ledger({{"LD_PRELOAD", shifted_clock_library()},
                                   {"SHIFTED_CLOCK_SECONDS", std::to_string(shift)},
                                   {"PAWL_OUTBOX__ROTATION_PERIOD", "1s"}});
  }
  /// More commands, among them repeats of those that came before.
  void expect_all_done() {
    world_.produce(2'000);
    ASSERT_TRUE(world_.drains()) << ledger_->describe();
  }
  void expect_all_ended() {
    world_.produce(2'000);
    ASSERT_TRUE(eventually("all commands have ended", [&] {
      return world_.received() == static_cast<std::int64_t>(world_.produced());
    })) << ledger_->describe();
  }
  /// Its log tells of another day than the database does.
  void expect_clock_is_off(int shift) {
    const auto day =
        world_.database().execute("SELECT to_char((now() + make_interval(secs => " +
                                  std::to_string(shift) + ")) AT TIME ZONE 'UTC', 'YYYY-MM-DD')");
    EXPECT_TRUE(says(*ledger_, R"("time":")" + std::string(day.text(0, 0)))) << ledger_->describe();
  }
  void expect_stored_times_are_right() {
    for (const char* column : {"received_at FROM pawl.inbox",
                               "rotated_at FROM pawl.rotation",
                               "updated_at FROM pawl.consumer_position",
                               "first_failed_at FROM pawl.dead_letter"}) {
      EXPECT_EQ(world_.database().number("SELECT count(*) FROM (SELECT " + std::string(column) +
                                         ") t (at) WHERE at NOT BETWEEN now() - interval '1 hour' "
                                         "AND now()"),
                0)
          << column;
    }
  }
  World world_{{.in_flight = 2, .member = "worker"}};
  std::unique_ptr<Process> ledger_;
};

TEST_F(ClockTest, ADayBehindChangesNothing) {
  start(0);
  expect_all_done();
  start(-kDay);
  expect_all_done();
  expect_clock_is_off(-kDay);
  ASSERT_TRUE(eventually("the outbox rotates", [&] { return says(*ledger_, "rotated a table"); }))
      << ledger_->describe();
  expect_stored_times_are_right();
  start(0);
  expect_all_done();
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

// The broker refuses records that claim to be more than an hour from the future
// (message.timestamp.after.max.ms). Commands go on; their events wait in the outbox.
TEST_F(ClockTest, ADayAheadKeepsTheEventsUntilTheClockIsRight) {
  start(0);
  expect_all_done();
  start(kDay);
  expect_all_ended();
  expect_clock_is_off(kDay);
  ASSERT_TRUE(eventually("it says why", [&] { return says(*ledger_, "INVALID_TIMESTAMP"); }))
      << ledger_->describe();
  EXPECT_NE(world_.unfinished(), "");
  expect_stored_times_are_right();
  start(0);
  expect_all_done();
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
