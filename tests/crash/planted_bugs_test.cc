// The checker must find what it is there for: effects of bugs added to a recorded good run, and
// bugs done for real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "crash/checker.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using testing::Contains;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr int kKilled = 128 + 9;

class RecordedRunTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    World world{{.closings = 0.1}};
    world.produce(1'500);
    const auto ledger = world.start_ledger();
    ASSERT_TRUE(world.drains()) << ledger->describe();
    good_ = world.observation();
  }
  static void TearDownTestSuite() { good_.reset(); }

  void SetUp() override {
    ASSERT_TRUE(good_);
    seen_ = *good_;
    ASSERT_THAT(faults_of(seen_), testing::IsEmpty());
  }

  SeenEvent& a_transfer() {
    return *std::find_if(
        seen_.events.begin() + 100, seen_.events.end(), [](const SeenEvent& event) {
          return event.type == "ledger.v1.FundsTransferred";
        });
  }
  SeenStatement& a_statement() { return seen_.statements.at(seen_.statements.size() / 2); }
  void drop_event(const std::string& id) {
    std::erase_if(seen_.events, [&](const SeenEvent& event) { return event.id == id; });
  }
  void drop_outbox_row(const std::string& id) {
    std::erase_if(seen_.outbox, [&](const SeenOutboxRow& row) { return row.id == id; });
  }
  void expect_fault(const std::string& begin) {
    const auto faults = faults_of(seen_);
    EXPECT_THAT(faults, Contains(StartsWith(begin))) << as_text(faults);
  }

  static std::optional<Observation> good_;
  Observation seen_;
};

std::optional<Observation> RecordedRunTest::good_;

TEST_F(RecordedRunTest, OutboxOutsideTheTransactionLosesAnEvent) {
  const std::string id = a_transfer().id;
  drop_event(id);
  drop_outbox_row(id);
  expect_fault("ending: ");
}

TEST_F(RecordedRunTest, AFailureThatCostsACommandItsAttemptsIsFound) {
  EXPECT_THAT(given_up_in(seen_), testing::IsEmpty());
  const SeenCommand& command = seen_.commands.front();
  seen_.dead_letters.push_back({command.partition, command.offset, command.id, "database"});
  EXPECT_THAT(given_up_in(seen_), testing::ElementsAre(StartsWith("given up: ")));
}

TEST_F(RecordedRunTest, OutboxOutsideTheTransactionTellsWhatWasRolledBack) {
  const std::string command = a_transfer().cause;
  std::erase_if(seen_.transfers,
                [&](const SeenTransfer& transfer) { return transfer.id == command; });
  expect_fault("effect: ");
}

TEST_F(RecordedRunTest, HandlersRowsOutsideTheTransactionAreLost) {
  const std::string command = a_statement().command_id;
  std::erase_if(seen_.statements,
                [&](const SeenStatement& statement) { return statement.command_id == command; });
  expect_fault("statement: ");
}

TEST_F(RecordedRunTest, AFailedHandlerLeavesARow) {
  seen_.statements.push_back({"nobody", 1'000, "2026-11"});
  expect_fault("statement: ");
}

// It was run before what was ahead of it in its lane, or twice.
TEST_F(RecordedRunTest, AHandlerSawAnotherBalance) {
  SeenStatement& statement = a_statement();
  statement.closing += 1;
  for (SeenEvent& event : seen_.events) {
    if (event.cause == statement.command_id) event.statement = statement;
  }
  expect_fault("statement: ");
}

TEST_F(RecordedRunTest, ClaimedWithoutEffect) {
  const SeenEvent lost = a_transfer();
  drop_event(lost.id);
  drop_outbox_row(lost.id);
  std::erase_if(seen_.transfers,
                [&](const SeenTransfer& transfer) { return transfer.id == lost.cause; });
  expect_fault("ending: ");
}

// With books that are right: only that it happened twice is wrong.
TEST_F(RecordedRunTest, EffectOfADuplicate) {
  SeenEvent again = a_transfer();
  again.id = "0190b5a2-0000-7000-8000-000000000001";
  again.offset = 1'000'000'000;
  for (Booking& booking : again.bookings) {
    auto& account =
        *std::find_if(seen_.accounts.begin(), seen_.accounts.end(), [&](const SeenAccount& each) {
          return each.id == booking.account;
        });
    account.balance += booking.change;
    booking = {booking.account, booking.change, account.balance, ++account.version};
  }
  const auto transfer =
      *std::find_if(seen_.transfers.begin(), seen_.transfers.end(), [&](const SeenTransfer& each) {
        return each.id == again.cause;
      });
  seen_.transfers.push_back(transfer);
  seen_.events.push_back(again);
  expect_fault("ending: ");
  expect_fault("effect: ");
}

TEST_F(RecordedRunTest, NaiveRelaySkipsAnEvent) {
  drop_event(a_transfer().id);
  expect_fault("outbox: ");
  expect_fault("chain: ");
}

TEST_F(RecordedRunTest, NaiveRelaySwapsTwoEventsOfAKey) {
  SeenEvent& first = a_transfer();
  auto& second = *std::find_if(seen_.events.begin() + (&first - seen_.events.data()) + 1,
                               seen_.events.end(),
                               [&](const SeenEvent& event) { return event.key == first.key; });
  std::swap(first, second);
  expect_fault("order: ");
}

TEST_F(RecordedRunTest, ARepeatUnderAnotherId) {
  SeenEvent again = a_transfer();
  again.id = "0190b5a2-0000-7000-8000-000000000002";
  seen_.events.push_back(again);
  expect_fault("ending: ");
}

TEST_F(RecordedRunTest, ARepeatUnderTheSameIdIsFine) {
  seen_.events.push_back(a_transfer());
  EXPECT_THAT(faults_of(seen_), testing::IsEmpty());
}

TEST_F(RecordedRunTest, ALostUpdate) {
  seen_.accounts.front().balance += 1;
  expect_fault("money: ");
  expect_fault("chain: ");
}

TEST_F(RecordedRunTest, CountersThatDoNotAddUp) {
  ++seen_.lanes.front().duplicate;
  --seen_.lanes.front().completed;
  expect_fault("lane: ");
}

TEST_F(RecordedRunTest, GarbageThatIsNotOnItsTopic) {
  seen_.dead_records.pop_back();
  expect_fault("dead letter: ");
}

class RealBugTest : public testing::Test {
 protected:
  void expect_fault(const std::string& begin) {
    const auto faults = faults_of(world_.observation());
    EXPECT_THAT(faults, Contains(StartsWith(begin))) << as_text(faults);
  }
  World world_{{.member = "worker"}};
};

TEST_F(RealBugTest, OutboxOutsideTheTransaction) {
  world_.produce(2'000);
  const auto doomed = world_.start_crash_worker(
      {"--bug", "events_after_commit", "--at", "committed", "--harm", "kill", "--pass", "4"});
  ASSERT_EQ(doomed->wait(30s), kKilled) << doomed->describe();
  world_.end_relay_turn();
  const auto ledger = world_.start_ledger();
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  expect_fault("ending: ");
}

// Another consumer has ended the same commands before; that is none of our business.
TEST_F(RealBugTest, ClaimWithoutConsumer) {
  world_.produce(1'000);
  world_.database().execute("INSERT INTO pawl.consumer (name) VALUES ('another')");
  for (const SeenCommand& command : world_.observation().commands) {
    if (!command.decodable || command.offset % 7 != 0) continue;
    world_.database().execute(
        "INSERT INTO pawl.inbox (message_id, consumer, generation, fingerprint) "
        "SELECT '" +
        command.id +
        "', id, 0, 0 FROM pawl.consumer WHERE name = 'another' ON CONFLICT DO NOTHING");
  }
  const auto worker = world_.start_crash_worker({"--bug", "claim_without_consumer"});
  ASSERT_TRUE(world_.drains()) << worker->describe();
  expect_fault("ending: ");
}

TEST_F(RealBugTest, AWorkerThatForgetsWhatIsHeld) {
  const auto come_so_far = [&] {
    return world_.received() >= static_cast<std::int64_t>(world_.produced());
  };
  world_.produce(1'000);
  const auto failing = world_.start_crash_worker(
      {"--failing", "2"}, {{"PAWL_RETRY__HANDLER__IMMEDIATE", "0"}});  // what fails is parked
  ASSERT_TRUE(eventually("it has received all", come_so_far)) << failing->describe();
  failing->signal(SIGKILL);
  ASSERT_GT(world_.database().number("SELECT count(*) FROM pawl.held_key"), 5);
  world_.produce(500);
  const auto forgetful = world_.start_crash_worker({"--bug", "forgets_held"});
  ASSERT_TRUE(eventually("it has received all", come_so_far)) << forgetful->describe();
  forgetful->signal(SIGKILL);
  const auto ledger = world_.start_ledger();
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  expect_fault("order: ");
}

// A foreign writer draws its number first and commits last.
TEST_F(RealBugTest, NaiveRelay) {
  postgres::Connection connection{
      {.url = world_.database().url(), .application_name = "slow writer", .session = {}}};
  connection.execute({"", "BEGIN"});
  connection.execute({"",
                      "INSERT INTO pawl.outbox (topic, type, payload) VALUES ('" +
                          world_.sources().events_topic + "', 'test.Slow', 'x')"});
  world_.produce(500);
  const auto worker = world_.start_crash_worker({"--bug", "relay_forgets_holes"});
  ASSERT_TRUE(world_.drains()) << worker->describe();
  connection.execute({"", "COMMIT"});
  world_.produce(200);
  ASSERT_TRUE(world_.drains()) << worker->describe();
  expect_fault("outbox: ");
}

}  // namespace
}  // namespace pawl::test
