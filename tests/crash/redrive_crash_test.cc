// A thousand paper cuts to a redrive: the command that hands dead letters back is killed again and
// again, and so is the ledger that takes them.
#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include "crash/moody_world.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr int kLetters = 120;

class RedriveCrashTest : public testing::Test {
 protected:
  /// All of them die: what they need is in a bad mood.
  void make_letters() {
    const auto dying =
        world_.start_moody({{"MOOD", "throw"}, {"PAWL_RETRY__HANDLER__ATTEMPTS_MAX", "1"}});
    for (int i = 0; i < kLetters; ++i) world_.transfer("mood", std::to_string(1 + i % 7));
    ASSERT_TRUE(eventually("all have died", [&] { return letters("dead") == kLetters; }))
        << dying->describe();
    dying->signal(SIGTERM);
    EXPECT_EQ(dying->wait(20s), 0) << dying->describe();
  }
  std::unique_ptr<Process> redrive() {
    return world_.start({pawl_program(),
                         "dead",
                         "redrive",
                         "--all",
                         "--pace",
                         "20",
                         "--reason",
                         "the mood is better",
                         "--config",
                         world_.config_file()});
  }
  std::int64_t letters(const std::string& state) {
    return world_.database().number("SELECT count(*) FROM pawl.dead_letter WHERE state = '" +
                                    state + "'");
  }
  std::int64_t transfers() {
    return world_.database().number("SELECT count(*) FROM ledger.transfer");
  }

  std::mt19937_64 random_{seed()};
  MoodyWorld world_{{.partitions = 2, .member = "pod-0"}};
};

TEST_F(RedriveCrashTest, KilledHalfWayItGoesOnAndNothingIsDoneTwice) {
  make_letters();
  auto ledger = world_.start_moody();
  for (int death = 0; death < 3; ++death) {
    const std::int64_t before = letters("redriven");
    const auto doomed = redrive();
    ASSERT_TRUE(eventually("some are handed back", [&] { return letters("redriven") > before; }))
        << doomed->describe();
    doomed->signal(SIGKILL);
    doomed->wait(5s);
    if (random_() % 2 == 0) {
      ledger->signal(SIGKILL);
      ledger->wait(5s);
      ledger = world_.start_moody();
    }
  }
  ASSERT_GT(letters("dead"), 0) << "the redrives were too fast to be killed half-way";
  const auto last = redrive();
  EXPECT_EQ(last->wait(60s), 0) << last->describe();
  EXPECT_EQ(letters("redriven"), kLetters);
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  EXPECT_EQ(transfers(), kLetters);
  EXPECT_EQ(letters("dead"), 0);
  EXPECT_EQ(world_.database().number("SELECT sum(count)::bigint FROM pawl.audit WHERE action = "
                                     "'dead.redrive'"),
            kLetters)
      << "each is noted once";
}

}  // namespace
}  // namespace pawl::test
