// A worker that was frozen past its session does not know that its lanes have another owner. What
// it does when it goes on must not count (DESIGN §2, G6).
#include <gtest/gtest.h>

#include <csignal>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/files.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

bool is_frozen(const Process& process) {
  const std::string stat = read_file("/proc/" + std::to_string(process.pid()) + "/stat");
  const auto name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] == 'T';
}

/// Either road leads to nothing committed: the engine finds out, or Kafka tells it first.
bool was_fenced(const Process& process) {
  return says(process, "batch in doubt") || says(process, "lanes lost to another process") ||
         says(process, "lanes taken away with batches in flight");
}

class FencingTest : public testing::TestWithParam<int> {
 protected:
  [[nodiscard]] bool everything_received() {
    return static_cast<std::uint64_t>(world_.received()) == world_.produced();
  }
  World world_{{.in_flight = GetParam()}};
};

TEST_P(FencingTest, ABatchFrozenBeforeItsCommitDoesNotCommit) {
  world_.produce(8'000);
  const auto frozen =
      world_.start_crash_worker({"--at", "before_commit", "--harm", "freeze", "--pass", "5"});
  ASSERT_TRUE(eventually("it is frozen", [&] { return is_frozen(*frozen); })) << frozen->describe();
  const auto ledger = world_.start_ledger();
  ASSERT_TRUE(eventually("the other one does the work", [&] { return everything_received(); }))
      << ledger->describe();
  const std::int64_t commits = world_.commits();
  frozen->signal(SIGCONT);
  ASSERT_TRUE(eventually("it finds out", [&] { return was_fenced(*frozen); }))
      << frozen->describe();
  EXPECT_EQ(world_.commits(), commits);
  world_.produce(2'000);
  ASSERT_TRUE(world_.drains()) << frozen->describe() << ledger->describe();
  EXPECT_TRUE(world_.holds());
}

TEST_P(FencingTest, TwoRealWorkersOneFrozenAndContinued) {
  world_.produce(20'000);
  const auto frozen = world_.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world_.received() > 2'000; }))
      << frozen->describe();
  frozen->signal(SIGSTOP);
  const auto other = world_.start_ledger();
  ASSERT_TRUE(eventually("the other one does the work", [&] { return everything_received(); }))
      << other->describe();
  frozen->signal(SIGCONT);
  ASSERT_TRUE(eventually("it finds out", [&] { return was_fenced(*frozen); }))
      << frozen->describe();
  world_.produce(2'000);
  ASSERT_TRUE(world_.drains()) << frozen->describe() << other->describe();
  EXPECT_TRUE(frozen->running() && other->running());
  EXPECT_TRUE(world_.holds());
}

INSTANTIATE_TEST_SUITE_P(InFlight, FencingTest, testing::Values(1, 2));

}  // namespace
}  // namespace pawl::test
