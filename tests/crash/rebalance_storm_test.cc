// Four ledgers that come and go every one to three seconds, by SIGTERM and by SIGKILL, while
// commands are offered at a steady rate. Nothing may be lost, nothing done twice, and committed
// progress may never stop for long.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <random>

#include "crash/progress_monitor.h"
#include "crash/steady_load.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kProcesses = 4;
constexpr double kPerSecond = 20'000;
constexpr std::uint64_t kAheadMax = 60'000;  // three seconds' worth
constexpr auto kStopMax = 10s;
constexpr auto kDrainMax = 180s;

/// PAWL_STORM_SECONDS, otherwise three minutes.
std::chrono::seconds storm_time() {
  const char* wanted = std::getenv("PAWL_STORM_SECONDS");
  return std::chrono::seconds{wanted != nullptr ? std::atoi(wanted) : 180};
}

class RebalanceStormTest : public testing::Test {
 protected:
  static WorldSettings settings() {
    return {.in_flight = 2, .partitions = 8, .batch_commands = 500, .accounts = 20'000};
  }

  void start(std::size_t slot) {
    std::map<std::string, std::string> environment{
        {"PAWL_KAFKA__PROPERTIES__SESSION_TIMEOUT_MS", "6000"},
        {"PAWL_KAFKA__PROPERTIES__HEARTBEAT_INTERVAL_MS", "1000"}};
    if (slot < statics_) environment["PAWL_CONSUMER__INSTANCE_ID"] = fmt::format("pod-{}", slot);
    processes_.at(slot) = world_.start_ledger(environment);
  }
  [[nodiscard]] std::size_t running() {
    return static_cast<std::size_t>(
        std::ranges::count_if(processes_, [](const auto& process) { return process != nullptr; }));
  }

  /// One comes, or one goes: two are always there.
  void event() {
    const std::size_t slot = random_() % kProcesses;
    std::unique_ptr<Process>& process = processes_.at(slot);
    if (!process) return start(slot);
    if (running() <= 2) return;
    const bool kill = random_() % 2 == 0;
    process->signal(kill ? SIGKILL : SIGTERM);
    ++(kill ? kills_ : stops_);
    if (kill) {
      process.reset();
    } else {
      leaving_.push_back(std::move(process));
    }
  }
  /// Those that were asked to leave do so cleanly.
  void see_off() {
    std::erase_if(leaving_, [](const auto& process) {
      if (process->running()) return false;
      EXPECT_EQ(process->wait(), 0) << process->describe();
      return true;
    });
  }
  void storm(SteadyLoad& load) {
    const SteadyTime end = clock_.now() + storm_time();
    SteadyTime next = clock_.now();
    ProgressMonitor monitor{clock_.now()};
    while (clock_.now() < end) {
      if (clock_.now() >= next) {
        event();
        next = clock_.now() + 1s + std::chrono::milliseconds{random_() % 2'000};
      }
      const auto received = static_cast<std::uint64_t>(world_.received());
      load.consumed(received);
      monitor.note(clock_.now(), received, load.sent());
      see_off();
      StopWatch::rest();
    }
    longest_stop_ = monitor.longest_stop();
  }

  struct StopWatch {
    static void rest() { std::this_thread::sleep_for(50ms); }  // between two looks
  };

  std::size_t statics_ = 2;
  SystemClock clock_;
  std::mt19937_64 random_{seed()};
  World world_{settings()};
  std::array<std::unique_ptr<Process>, kProcesses> processes_;
  std::vector<std::unique_ptr<Process>> leaving_;
  int kills_ = 0, stops_ = 0;
  std::chrono::milliseconds longest_stop_{};
};

TEST_F(RebalanceStormTest, LosesNothingDoesNothingTwiceAndNeverStopsForLong) {
  if (const char* statics = std::getenv("PAWL_STORM_STATICS")) statics_ = std::atoi(statics);
  for (std::size_t slot = 0; slot < kProcesses; ++slot) start(slot);
  world_.produce(0);
  ASSERT_TRUE(eventually("the accounts are open", [&] {
    return static_cast<std::uint64_t>(world_.received()) == world_.produced();
  })) << processes_[0]->describe();
  {
    SteadyLoad load{world_, kPerSecond, kAheadMax};
    storm(load);
  }
  fmt::print("{} killed, {} stopped, {} commands, longest stop {} ms\n",
             kills_,
             stops_,
             world_.produced(),
             longest_stop_.count());
  EXPECT_LE(longest_stop_, kStopMax);
  for (std::size_t slot = 0; slot < kProcesses; ++slot) {
    if (!processes_.at(slot)) start(slot);
  }
  ASSERT_TRUE(world_.drains(kDrainMax)) << processes_[0]->describe();
  EXPECT_TRUE(world_.holds());
}

}  // namespace
}  // namespace pawl::test
