// `pawl status`: with a broker and without.
#include "integration/run_control/fixture.h"
#include "integration/run_control/program_fixture.h"
#include "support/ports.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class StatusCommand : public RunControlTest {};

TEST_F(StatusCommand, WithoutABrokerItSaysWhatTheDatabaseKnows) {
  EXPECT_EQ(pawl({"pause", "ledger", "--partition", "3", "--reason", "why not"}).exit_code, 0);
  database_.execute(
      "INSERT INTO pawl.held_key (consumer, topic, partition, key, lone_offset, attempts, started, "
      "first_failed_at, due_at, class, code, text) VALUES (1, 'ledger.commands', 3, 'k', -1, 1, 1, "
      "now(), now(), 'handler', 'threw', '')");
  const Finished finished = pawl({"status", "ledger"});
  EXPECT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("ends and lags are not known: no broker is named"));
  EXPECT_THAT(finished.output, HasSubstr("consumer ledger, topic ledger.commands"));
  EXPECT_THAT(finished.output, HasSubstr("why not"));
  const Json json = this->json({"status"});
  EXPECT_EQ(json["consumers"].size(), 2);
  const Json& lane = json["consumers"][0]["lanes"][1];
  EXPECT_EQ(lane["partition"], 3);
  EXPECT_EQ(lane["held_keys"], 1);
  EXPECT_EQ(lane["paused"], true);
  EXPECT_TRUE(lane["lag_seconds"].is_null());
  EXPECT_TRUE(lane["owner"].is_null());
}

TEST_F(StatusCommand, ABrokerThatIsAwayIsSaid) {
  const std::string nobody = "127.0.0.1:" + std::to_string(free_port());
  const Finished finished = pawl({"status", "--brokers", nobody});
  EXPECT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("ends and lags are not known: "));
}

TEST_F(StatusCommand, OfWhoDoesNotExistNothing) {
  EXPECT_EQ(pawl({"status", "ledgre"}).exit_code, 1);
  EXPECT_EQ(pawl({"status", "--watch", "ledger"}).exit_code, 64);
}

class StatusProgram : public ControlledLedger {
 protected:
  Json lanes() { return json({"status", consumer()})["consumers"][0]["lanes"]; }
  std::int64_t lag() {
    std::int64_t records = 0;
    for (const Json& lane : lanes()) records += lane["lag_records"].get<std::int64_t>();
    return records;
  }
};

TEST_F(StatusProgram, OwnersLagsAndAges) {
  start_and_drain(200);
  for (const Json& lane : lanes()) {
    EXPECT_EQ(lane["owned"], true);
    EXPECT_EQ(lane["lag_records"], 0);
    EXPECT_EQ(lane["lag_seconds"], 0.0);
  }
  stop();
  const auto before = static_cast<std::int64_t>(world_.produced());
  world_.produce(400);
  EXPECT_EQ(lag(), static_cast<std::int64_t>(world_.produced()) - before);
  for (const Json& lane : lanes()) {
    EXPECT_EQ(lane["owned"], false);
    EXPECT_GT(lane["lag_seconds"], 0.0);
    EXPECT_LT(lane["lag_seconds"], 60.0);
  }
}

TEST_F(StatusProgram, WatchingShowsItAgainUntilCtrlC) {
  start_and_drain(100);
  const auto watching = world_.start(
      {pawl_program(), "status", consumer(), "--watch", "0.2", "--config", world_.config_file()});
  const auto times = [&] {
    const std::string output = watching->output();
    int count = 0;
    for (std::size_t at = output.find("\nrelay "); at != std::string::npos;
         at = output.find("\nrelay ", at + 1))
      ++count;
    return count;
  };
  EXPECT_TRUE(eventually("it is shown three times", [&] { return times() >= 3; }))
      << watching->describe();
  watching->signal(SIGINT);
  EXPECT_EQ(watching->wait(), 0) << watching->describe();
}

}  // namespace
}  // namespace pawl::test
