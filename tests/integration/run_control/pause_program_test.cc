// A ledger that runs obeys `pawl pause` within a second, and one that starts later, too.
#include "integration/run_control/program_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kObeyed = 1s;

class PauseProgram : public ControlledLedger {
 protected:
  /// The consumer's counter stands still for a while.
  bool stands_still() {
    const std::int64_t before = world_.received();
    keep_doing([] {}, 500ms, 500ms);
    return world_.received() == before;
  }
  std::int64_t transfers() {
    return world_.database().number("SELECT count(*) FROM ledger.transfer");
  }
};

TEST_F(PauseProgram, WithinASecondAndAcrossARestart) {
  start_and_drain(200);
  must({"pause", consumer(), "--reason", "test"});
  keep_doing([] {}, kObeyed, kObeyed);
  const std::int64_t before = world_.received();
  world_.produce(200);
  EXPECT_TRUE(stands_still());
  EXPECT_TRUE(is_ready(*ledger_));
  EXPECT_THAT(page(*ledger_, "/healthz/ready"),
              HasSubstr(R"({"name":"paused","ok":true,"detail":"all"})"));
  EXPECT_EQ(metric(*ledger_, "pawl_operator_pauses", R"(what="consumer")"), 1);
  stop();
  start();
  ASSERT_TRUE(eventually("it has taken its lanes", [&] { return says(*ledger_, "lanes taken"); }));
  EXPECT_TRUE(stands_still());
  EXPECT_EQ(world_.received(), before);
  must({"resume", consumer()});
  EXPECT_TRUE(eventually(
      "it goes on", [&] { return world_.received() > before; }, kObeyed + 500ms))
      << ledger_->describe();
  EXPECT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

TEST_F(PauseProgram, APausedTypeWaitsAndTheOthersRun) {
  start_and_drain(200);
  const std::int64_t before = transfers();
  must({"pause", consumer(), "--type", "ledger.v1.TransferFunds"});
  keep_doing([] {}, kObeyed, kObeyed);
  world_.produce(1'000);
  ASSERT_TRUE(eventually("all is received", [&] { return received_all(); })) << ledger_->describe();
  EXPECT_EQ(
      world_.database().number(
          "SELECT count(*) FROM pawl.parked_command c JOIN (SELECT DISTINCT ON (topic, "
          "partition, key, lone_offset) * FROM pawl.parked_command ORDER BY topic, partition, "
          "key, lone_offset, sequence) head USING (topic, partition, key, lone_offset, "
          "sequence) WHERE head.type <> 'ledger.v1.TransferFunds'"),
      0)
      << "a key is held by another type's command";
  stop();
  start();
  ASSERT_TRUE(eventually("it has taken its lanes", [&] { return says(*ledger_, "lanes taken"); }));
  must({"resume", consumer(), "--type", "ledger.v1.TransferFunds"});
  EXPECT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_GT(transfers(), before);
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
