// The crash table of DESIGN §12, a line a test: the process dies there, twice, and another one
// finishes the work. "Rotation, anywhere" is tests/integration/rotation/rotation_crash_test.cc.
#include <gtest/gtest.h>

#include <random>

#include "crash/crash_port.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kCommands = 6'000;  // 30 batches
constexpr int kKilled = 128 + 9;

constexpr double kClosings = 0.1;

struct CrashCase {
  Point point;
  int in_flight;
  double closings = 0;
};

std::string name_of(const testing::TestParamInfo<CrashCase>& info) {
  std::string name;
  bool upper = true;
  for (const char c : to_string(info.param.point)) {
    if (c != '_') name += static_cast<char>(upper ? std::toupper(c) : c);
    upper = c == '_';
  }
  return name + (info.param.closings > 0 ? "OfHandlers" : "") + "With" +
         std::to_string(info.param.in_flight) + "InFlight";
}

class CrashPointTest : public testing::TestWithParam<CrashCase> {
 protected:
  std::string some_pass(unsigned most) { return std::to_string(1 + random_() % most); }
  std::mt19937_64 random_{seed()};
};

TEST_P(CrashPointTest, DiesAndNothingIsLostOrDoneTwice) {
  World world{
      {.in_flight = GetParam().in_flight, .member = "worker", .closings = GetParam().closings}};
  world.produce(kCommands);
  for (const unsigned most : {4U, 10U}) {
    const std::string pass = some_pass(most);
    SCOPED_TRACE("killed at pass " + pass);
    const auto doomed = world.start_crash_worker(
        {"--at", std::string(to_string(GetParam().point)), "--harm", "kill", "--pass", pass});
    ASSERT_EQ(doomed->wait(30s), kKilled) << doomed->describe();
    ASSERT_NE(world.unfinished(), "");
    world.end_relay_turn();
  }
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_TRUE(world.holds());
}

INSTANTIATE_TEST_SUITE_P(CrashTable,
                         CrashPointTest,
                         testing::Values(CrashCase{Point::after_poll, 1},
                                         CrashCase{Point::before_claim, 2},
                                         CrashCase{Point::before_save, 1},
                                         CrashCase{Point::before_save, 2},
                                         CrashCase{Point::before_commit, 1},
                                         CrashCase{Point::before_commit, 2},
                                         CrashCase{Point::commit_sent, 1},
                                         CrashCase{Point::commit_sent, 2},
                                         CrashCase{Point::committed, 1},
                                         CrashCase{Point::committed, 2},
                                         CrashCase{Point::before_offsets, 1},
                                         CrashCase{Point::published, 2},
                                         CrashCase{Point::handled, 2, kClosings},
                                         CrashCase{Point::before_commit, 1, kClosings},
                                         CrashCase{Point::commit_sent, 2, kClosings}),
                         name_of);

struct BackendCase {
  const char* name;
  Point point;
  int in_flight;
};

class LostBackendTest : public testing::TestWithParam<BackendCase> {};

// The worker lives on; with two in flight k+1 was decided from k.
TEST_P(LostBackendTest, RecoversAndGoesOn) {
  World world{{.in_flight = GetParam().in_flight, .member = "worker"}};
  world.produce(kCommands);
  const auto worker = world.start_crash_worker({"--at",
                                                std::string(to_string(GetParam().point)),
                                                "--harm",
                                                "terminate",
                                                "--pass",
                                                "3",
                                                "--again"});
  ASSERT_TRUE(world.drains()) << worker->describe();
  EXPECT_NE(worker->errors().find("\"recovered\""), std::string::npos) << worker->describe();
  EXPECT_TRUE(world.holds());
}

INSTANTIATE_TEST_SUITE_P(
    CrashTable,
    LostBackendTest,
    testing::Values(BackendCase{"BeforeCommit", Point::before_commit, 1},
                    BackendCase{"BeforeCommitOfKWithKPlus1", Point::before_commit, 2},
                    BackendCase{"AfterCommitAnswerLost", Point::commit_sent, 1},
                    BackendCase{"AfterCommitOfKAnswerLostWithKPlus1", Point::commit_sent, 2}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace pawl::test
