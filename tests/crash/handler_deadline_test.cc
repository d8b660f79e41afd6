// Handlers that hang and handlers that are slow, in a real program on a real broker.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "crash/moody_world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr int kBroken = 70;
constexpr const char* kSecret = "hang";  // of the payload; no line may quote it

bool says(const Process& process, const char* text) {
  return process.errors().find(text) != std::string::npos;
}

class HandlerDeadlineTest : public testing::Test {
 protected:
  MoodyWorld world_{{.partitions = 1}};
};

TEST_F(HandlerDeadlineTest, AHandlerThatHangsIsNamedItsLanesAreGivenUpAndTheProcessEnds) {
  // A session that would keep the lanes for a minute: only leaving the group frees them.
  const auto hangs = world_.start_moody({{"PAWL_WORKER__HANDLER_DEADLINE", "1s"},
                                         {"PAWL_KAFKA__PROPERTIES__SESSION_TIMEOUT_MS", "60000"}});
  ASSERT_TRUE(eventually("the accounts are open", [&] { return world_.all_received(); }))
      << hangs->describe();
  const auto place = world_.received();
  world_.transfer("hang");
  EXPECT_EQ(hangs->wait(20s), kBroken) << hangs->describe();
  EXPECT_THAT(hangs->errors(), HasSubstr("a handler hangs"));
  EXPECT_THAT(hangs->errors(), HasSubstr("ledger.v1.TransferFunds"));
  EXPECT_THAT(hangs->errors(), HasSubstr("moody_transfer"));  // its stack
  EXPECT_THAT(hangs->errors(), HasSubstr(fmt::format("\"offset\":{}", place)));
  EXPECT_THAT(hangs->errors(), Not(HasSubstr(fmt::format("\"{}\"", kSecret))));

  const auto healthy = world_.start_ledger();  // its handler does not mind
  ASSERT_TRUE(eventually(
      "another one goes on", [&] { return world_.all_received(); }, 20s))
      << healthy->describe();
  ASSERT_TRUE(world_.drains()) << healthy->describe();
  EXPECT_TRUE(world_.holds());
}

// Polling has a thread of its own: Kafka does not miss us however long a batch takes.
TEST_F(HandlerDeadlineTest, ABatchSlowerThanThePollIntervalKeepsItsLanes) {
  const auto slow = world_.start_moody({{"PAWL_WORKER__HANDLER_DEADLINE", "1900ms"},
                                        {"PAWL_KAFKA__PROPERTIES__MAX_POLL_INTERVAL_MS", "2000"}});
  ASSERT_TRUE(eventually("the accounts are open", [&] { return world_.all_received(); }))
      << slow->describe();
  world_.database().execute("BEGIN");
  world_.database().execute("SELECT FROM ledger.account WHERE account_id IN (1, 2) FOR UPDATE");
  for (int i = 0; i < 8; ++i) world_.transfer("slow");
  // 8 × 400 ms in handlers, and the rows are somebody else's for as long again.
  ASSERT_TRUE(eventually("it waits for the rows", [&] { return says(*slow, "\"recovered\""); }))
      << slow->describe();
  world_.database().execute("COMMIT");
  ASSERT_TRUE(world_.drains()) << slow->describe();
  EXPECT_TRUE(world_.holds());
  EXPECT_THAT(slow->errors(), Not(HasSubstr("MAX_POLL")));
  EXPECT_THAT(slow->errors(), Not(HasSubstr("MAXPOLL")));
  EXPECT_THAT(slow->errors(), Not(HasSubstr("a handler hangs")));
}

TEST(InstanceIdTest, TheOlderOfTwoProcessesWithOneIdEndsAndSaysWhy) {
  World world{{.member = "pod-0"}};
  world.produce(100);
  const auto older = world.start_ledger();
  ASSERT_TRUE(eventually("it has its lanes", [&] { return says(*older, "lanes taken"); }))
      << older->describe();
  const auto newer = world.start_ledger();
  EXPECT_EQ(older->wait(30s), kBroken) << older->describe();
  EXPECT_THAT(older->errors(), HasSubstr("consumer.instance_id=pod-0"));
  ASSERT_TRUE(world.drains()) << newer->describe();
  EXPECT_TRUE(newer->running());
  EXPECT_TRUE(world.holds());
}

// Three processes with names: one is killed and comes back, and the others keep their lanes.
TEST(InstanceIdTest, AKilledProcessGetsItsLanesBackAndTheOthersAreNotRebalanced) {
  World world{{.partitions = 6}};
  const auto start = [&](int pod) {
    return world.start_ledger({{"PAWL_CONSUMER__INSTANCE_ID", fmt::format("pod-{}", pod)},
                               {"PAWL_KAFKA__PROPERTIES__SESSION_TIMEOUT_MS", "60000"}});
  };
  const auto owners = [&] {
    return world.database().number(
        "SELECT count(DISTINCT owner) FROM pawl.consumer_position WHERE owner <> ''");
  };
  std::vector<std::unique_ptr<Process>> pods;
  for (int pod = 0; pod < 3; ++pod) pods.push_back(start(pod));
  ASSERT_TRUE(eventually("each has lanes", [&] { return owners() == 3; }));
  world.produce(2'000);
  ASSERT_TRUE(world.drains()) << pods[0]->describe();
  const auto epochs_of = [&](const Process& process) {
    return world.database().number(fmt::format(
        "SELECT coalesce(sum(epoch), 0)::bigint FROM pawl.consumer_position WHERE owner LIKE "
        "'%:{}'",
        process.pid()));
  };
  const std::int64_t before[] = {epochs_of(*pods[0]), epochs_of(*pods[2])};
  pods[1]->signal(SIGKILL);
  world.produce(2'000);
  pods[1] = start(1);
  ASSERT_TRUE(eventually("it has its lanes again", [&] { return epochs_of(*pods[1]) > 0; }))
      << pods[1]->describe();
  ASSERT_TRUE(world.drains()) << pods[1]->describe();
  EXPECT_EQ(epochs_of(*pods[0]), before[0]) << "taken anew: it was rebalanced";
  EXPECT_EQ(epochs_of(*pods[2]), before[1]) << "taken anew: it was rebalanced";
  EXPECT_TRUE(world.holds());
}

}  // namespace
}  // namespace pawl::test
