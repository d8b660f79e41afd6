// What each ending leaves behind, and nothing else.
#include <gmock/gmock.h>

#include <set>

#include "behaviour/engine_fixture.h"
#include "ledger/v1/events.pb.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Endings : public EngineTest {
 protected:
  void SetUp() override {
    start();
    open_accounts(3);
  }
  NumberedEvent event_caused_by(int n) {
    for (const NumberedEvent& event : world().outbox()) {
      if (event.row.causation_id == id(n)) return event;
    }
    ADD_FAILURE() << "no event of " << n;
    return {};
  }
};

TEST_P(Endings, ACompletedCommandLeavesStateJournalEventAndInboxRow) {
  deliver(transfer(1, 1, 2, 10));
  run();
  EXPECT_EQ(balance(1), -10);
  EXPECT_EQ(balance(2), 10);
  EXPECT_EQ(version(1), 2);
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_THAT(events_of(1), ElementsAre("ledger.v1.FundsTransferred"));
  EXPECT_EQ(position(0).next_offset, 4);
  EXPECT_EQ(worker().intake().reported().at(lane(0)), 4);
}

TEST_P(Endings, ARejectionLeavesAnInboxRowAndAnEvent) {
  deliver(transfer(1, 1, 2, 2'000'000));
  run();
  EXPECT_EQ(ending(1), Ending::rejected);
  EXPECT_EQ(code(1), "insufficient_funds");
  EXPECT_THAT(events_of(1), ElementsAre("ledger.v1.CommandRejected"));
  EXPECT_EQ(version(1), 1);
  EXPECT_EQ(version(2), 1);
  EXPECT_TRUE(transferred().empty());
  EXPECT_TRUE(world().dead_letters().empty());
}

TEST_P(Endings, ARejectionDoesNotColourItsNeighbours) {
  deliver(transfer(1, 1, 2, 100));
  deliver(transfer(2, 2, 3, 5'000'000));
  deliver(transfer(3, 2, 3, 60));
  deliver(transfer(4, 3, 3, 1));
  run();
  EXPECT_EQ(balance(1), -100);
  EXPECT_EQ(balance(2), 40);
  EXPECT_EQ(balance(3), 60);
  EXPECT_EQ(code(2), "insufficient_funds");
  EXPECT_EQ(code(4), "same_account");
}

TEST_P(Endings, ARowIsAddedAndUsedInOneBatch) {
  deliver(open(1, 50));
  deliver(transfer(2, 50, 1, 5));
  deliver(transfer(3, 50, 1, 6));
  run();
  EXPECT_EQ(balance(50), -11);
  EXPECT_EQ(version(50), 3);
}

TEST_P(Endings, GarbageAtAnyPlaceIsBuriedAlone) {
  deliver_garbage("first");
  deliver(transfer(1, 1, 2, 10));
  deliver_garbage("middle");
  deliver(transfer(2, 1, 2, 10));
  deliver_garbage("last");
  run();
  EXPECT_THAT(transferred(), testing::UnorderedElementsAre(1, 2));
  EXPECT_EQ(position(0).undecodable, 3);
  EXPECT_TRUE(drained());
  const auto letters = world().dead_letters();
  ASSERT_EQ(letters.size(), 3U);
  EXPECT_EQ(letters[1].failure_class, "undecodable");
  EXPECT_EQ(letters[1].payload, "middle");
  EXPECT_EQ(letters[1].key, "garbage");
  EXPECT_EQ(letters[1].offset, 5);
}

TEST_P(Endings, NothingButGarbageStillMovesTheLane) {
  for (int i = 0; i < 4; ++i) deliver_garbage("noise", 1);
  run();
  EXPECT_EQ(position(1).undecodable, 4);
  EXPECT_TRUE(drained());
}

TEST_P(Endings, GarbageOfEveryKind) {
  topics().append(lane(0), {});  // empty in all respects
  topics().append(
      lane(0),
      {std::string("\0\xff", 2), std::string("\0\xfe", 2), {{"ce_id", std::string("\0", 1)}}, {}});
  Command broken = transfer(1, 1, 2, 10);
  broken.payload = "\xff\xff\xff";
  deliver(broken);
  Command unknown = transfer(2, 1, 2, 10);
  unknown.type = "ledger.v1.RobBank";
  deliver(unknown);
  run();
  EXPECT_EQ(position(0).undecodable, 4);
  std::set<std::string> codes;
  for (const DeadRow& letter : world().dead_letters()) codes.insert(letter.code);
  EXPECT_TRUE(codes.contains("bad_payload"));
  EXPECT_TRUE(codes.contains("unknown_type"));
}

// Undecodable records leave no inbox row: should the id come again in good shape, it is a new
// command.
TEST_P(Endings, AGoodCommandAfterGarbageOfTheSameId) {
  Command broken = transfer(1, 1, 2, 10);
  broken.payload = "\xff\xff\xff";
  deliver(broken);
  deliver(transfer(1, 1, 2, 10));
  run();
  EXPECT_EQ(ending(1), Ending::completed);
}

TEST_P(Endings, ADeadLetterRecordKeepsKeyValueAndHeaders) {
  deliver_garbage("rubbish", 2);
  run();
  for (const NumberedEvent& event : world().outbox()) {
    if (event.row.topic != settings().dead_letter_topic) continue;
    EXPECT_EQ(event.row.key, "garbage");
    EXPECT_EQ(event.row.payload, "rubbish");
    ASSERT_TRUE(event.row.headers);
    EXPECT_THAT(*event.row.headers, HasSubstr("in the street"));
    EXPECT_THAT(*event.row.headers, HasSubstr("pawl_dead_class"));
    EXPECT_THAT(*event.row.headers, HasSubstr("ledger.commands"));
    return;
  }
  FAIL() << "no record for the dead-letter topic";
}

TEST_P(Endings, AnEventNamesItsCause) {
  Command command = transfer(1, 1, 2, 10);
  command.correlation_id = "the first of all";
  command.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  deliver(command);
  deliver(transfer(2, 1, 2, 10));
  run();
  const OutboxRow event = event_caused_by(1).row;
  EXPECT_EQ(event.topic, "ledger.events");
  EXPECT_EQ(event.key, "1");
  EXPECT_EQ(event.source, "ledger");
  EXPECT_EQ(event.type, "ledger.v1.FundsTransferred");
  EXPECT_EQ(event.content_type, "application/protobuf");
  EXPECT_EQ(event.correlation_id, "the first of all");
  EXPECT_EQ(event.traceparent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_NE(event.caused_at, WallTime{});
  EXPECT_FALSE(event.headers);
  ledger::v1::FundsTransferred message;
  ASSERT_TRUE(message.ParseFromString(std::string(event.payload.value_or(""))));
  EXPECT_EQ(message.transfer_id(), id(1));
  EXPECT_EQ(message.debit_balance(), -10);
  EXPECT_EQ(message.debit_version(), 2);
  EXPECT_EQ(event_caused_by(2).row.correlation_id, std::nullopt);
  EXPECT_EQ(event_caused_by(2).row.traceparent, std::nullopt);
}

TEST_P(Endings, ARecordWithoutKeyCausesAnEventWithoutKey) {
  Command command = transfer(1, 1, 2, 10);
  command.key = std::nullopt;
  deliver(command);
  run();
  EXPECT_EQ(event_caused_by(1).row.key, std::nullopt);
}

TEST_P(Endings, EventsAreNumberedInTheOrderOfTheirCommands) {
  for (int n = 1; n <= 40; ++n) {
    deliver(transfer(n, 1, 2, 1));
    if (n % 7 == 0) run();
  }
  run();
  std::pair<std::int64_t, std::int64_t> last{0, -1};
  for (int n = 1; n <= 40; ++n) {
    const NumberedEvent event = event_caused_by(n);
    EXPECT_GT(std::pair(event.batch, event.index), last);
    last = {event.batch, event.index};
  }
}

TEST_P(Endings, EveryEndingIsCounted) {
  deliver(transfer(1, 1, 2, 10));
  deliver(transfer(1, 1, 2, 10));
  deliver(transfer(2, 1, 99, 10));
  deliver(transfer(3, 1, 2, 10, "throw"));
  deliver_garbage("noise");
  run_through_retries();
  const auto commands = [&](const std::string& ending) {
    double sum = 0;
    for (const char* type : {"ledger.v1.TransferFunds", "unknown"}) {
      sum += worker().metric("pawl_commands_total{consumer=\"ledger\",ending=\"" + ending +
                             "\",type=\"" + type + "\"");
    }
    return sum;
  };
  EXPECT_EQ(commands("completed"), 1);
  EXPECT_EQ(commands("duplicate"), 1);
  EXPECT_EQ(commands("rejected"), 1);
  EXPECT_EQ(commands("exhausted"), 1);
  EXPECT_EQ(commands("undecodable"), 1);
}

PAWL_ON_ALL_DATABASES(Endings);

}  // namespace
}  // namespace pawl::test
