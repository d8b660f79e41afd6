// An operator finds out what cannot be published, and decides.
#include "integration/held_events/fixture.h"
#include "ledger/v1/events.pb.h"

namespace pawl::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class OutboxCommand : public HeldEventsTest {
 protected:
  OutboxCommand() {
    database_.execute(
        "INSERT INTO pawl.relay_position (relay, epoch, batch, holes) VALUES ('default', 1, 100, "
        "'{50}')");
  }

  /// Event `n` in batch `n`, with an id that ends in it. No code: it waits.
  void hold(int n, const std::string& topic, const std::string& key, const std::string& code = "") {
    postgres::Parameters parameters;
    parameters.add(std::int64_t{n});
    parameters.add(topic);
    parameters.add(key);
    parameters.add(code);
    database_.execute(R"(
INSERT INTO pawl.relay_held_event (relay, batch, index, topic, key, id, type, source, content_type, payload, created_at, code, text,
                                   attempts, retry_at)
SELECT 'default', $1, 0, $2, convert_to($3, 'UTF8'), lpad($1::text, 32, '0')::uuid, 'a.v1.Happened', 'test', 'text/plain', 'pay load',
       now(), nullif($4, ''), CASE WHEN $4 <> '' THEN 'cannot publish to topic=' || $2 END, CASE WHEN $4 <> '' THEN 3 ELSE 0 END,
       CASE WHEN $4 <> '' THEN now() + interval '1 hour' END)",
                      parameters);
  }
  void hold_some() {
    hold(1, "t1", "a", "MSG_SIZE_TOO_LARGE");
    hold(2, "t1", "a");
    hold(3, "t1", "b", "TOPIC_AUTHORIZATION_FAILED");
    hold(4, "t2", "a", "MSG_SIZE_TOO_LARGE");
    hold(5, "t1", "a");
  }
  static std::string id(int n) {
    const std::string digits = std::to_string(n);
    return "00000000-0000-0000-0000-" + std::string(12 - digits.size(), '0') + digits;
  }
  std::vector<std::int64_t> batches(std::vector<std::string> options) {
    options.insert(options.begin(), {"outbox", "list"});
    std::vector<std::int64_t> found;
    const Json page = json(std::move(options));
    for (const Json& event : page["held_events"]) found.push_back(event["batch"]);
    return found;
  }
  std::int64_t audited(const std::string& action) {
    return database_.number(
        "SELECT coalesce(sum(count), 0)::bigint FROM pawl.audit WHERE action = '" + action + "'");
  }
};

TEST_F(OutboxCommand, NothingHeldIsSaid) {
  const Finished finished = outbox({"list"});
  EXPECT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_EQ(finished.output, "no held events\n");
}

TEST_F(OutboxCommand, EachFilterNarrows) {
  hold_some();
  EXPECT_THAT(batches({}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(batches({"--topic", "t1"}), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(batches({"--key", "a"}), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(batches({"--code", "MSG_SIZE_TOO_LARGE"}), ElementsAre(1, 4));
  EXPECT_THAT(batches({"--refused"}), ElementsAre(1, 3, 4));
  EXPECT_THAT(batches({"--topic", "t1", "--key", "a", "--refused"}), ElementsAre(1));
}

TEST_F(OutboxCommand, PagesHoldEachEventOnce) {
  hold_some();
  EXPECT_THAT(batches({"--limit", "2"}), ElementsAre(1, 2));
  EXPECT_THAT(batches({"--limit", "2", "--after", id(2)}), ElementsAre(3, 4));
  EXPECT_THAT(batches({"--limit", "2", "--after", id(4)}), ElementsAre(5));
  EXPECT_EQ(outbox({"list", "--after", id(9)}).exit_code, 1);
  EXPECT_EQ(outbox({"list", "--after", "nine"}).exit_code, 64);
}

TEST_F(OutboxCommand, TheListTellsWhoIsRefusedAndWhoWaits) {
  hold_some();
  const std::string output = outbox({"list"}).output;
  EXPECT_THAT(output,
              AllOf(HasSubstr(id(1)), HasSubstr("TOPIC_AUTHORIZATION_FAILED"), HasSubstr("waits")));
  EXPECT_THAT(output,
              HasSubstr("5 of 5 held events; 3 cannot be published, the others wait behind them"));
  EXPECT_THAT(output, Not(HasSubstr("pay load"))) << "payloads are shown only when asked for";
}

TEST_F(OutboxCommand, ShowPrintsAnEventOfAKnownTypeAsJson) {
  hold(1, "ledger.events", "4711", "MSG_SIZE_TOO_LARGE");
  ledger::v1::AccountOpened opened;
  opened.set_account_id(4711);
  postgres::Parameters payload;
  payload.add_bytes(opened.SerializeAsString());
  database_.execute(
      "UPDATE pawl.relay_held_event SET type = 'ledger.v1.AccountOpened', content_type = "
      "'application/protobuf', payload = $1",
      payload);
  const Finished page = outbox({"show", id(1)});
  EXPECT_EQ(page.exit_code, 0) << page.errors;
  EXPECT_THAT(page.output,
              AllOf(HasSubstr("MSG_SIZE_TOO_LARGE"),
                    HasSubstr("cannot publish to topic=ledger.events"),
                    HasSubstr("\"accountId\": \"4711\"")));
  const Json event = json({"outbox", "show", id(1)});
  EXPECT_EQ(event["event"]["accountId"], "4711");
  EXPECT_EQ(event["attempts"], 3);
}

TEST_F(OutboxCommand, ShowPrintsWhatItCannotReadAsItIs) {
  hold(1, "t1", "a");
  EXPECT_THAT(outbox({"show", id(1)}).output,
              AllOf(HasSubstr("pay load"), HasSubstr("behind an event of its key")));
  database_.execute("UPDATE pawl.relay_held_event SET payload = '\\x00ff1b'");
  EXPECT_THAT(outbox({"show", id(1)}).output, HasSubstr("0x00ff1b"));
  const Json event = json({"outbox", "show", id(1)});
  EXPECT_EQ(event["payload"]["base64"], "AP8b");
  EXPECT_TRUE(event["event"].is_null());
  database_.execute("UPDATE pawl.relay_held_event SET payload = NULL");
  EXPECT_THAT(outbox({"show", id(1)}).output, HasSubstr("without value"));
  EXPECT_EQ(outbox({"show", id(2)}).exit_code, 1);
  EXPECT_EQ(outbox({"show", "two"}).exit_code, 64);
}

TEST_F(OutboxCommand, RetryMakesThemDue) {
  hold_some();
  EXPECT_THAT(outbox({"retry", "--code", "MSG_SIZE_TOO_LARGE", "--dry-run"}).output,
              HasSubstr("2 would be tried again"));
  EXPECT_EQ(held("retry_at <= now()"), 0);
  EXPECT_THAT(outbox({"retry", "--code", "MSG_SIZE_TOO_LARGE"}).output,
              HasSubstr("2 are tried again"));
  EXPECT_EQ(held("retry_at <= now()"), 2);
  EXPECT_EQ(audited("outbox.retry"), 2);
  EXPECT_THAT(outbox({"retry", "--topic", "t1"}).output, HasSubstr("2 are tried again"));
  const Finished waiting = outbox({"retry", id(2)});
  EXPECT_EQ(waiting.exit_code, 1);
  EXPECT_THAT(waiting.output, HasSubstr("they wait behind others"));
}

TEST_F(OutboxCommand, NothingHappensWithoutAChoiceAndAReason) {
  hold_some();
  EXPECT_EQ(outbox({"retry"}).exit_code, 64);
  EXPECT_EQ(outbox({"discard", "--reason", "x"}).exit_code, 64);
  const Finished why = outbox({"discard", "--all"});
  EXPECT_EQ(why.exit_code, 64);
  EXPECT_THAT(why.errors, HasSubstr("--reason"));
  EXPECT_THAT(outbox({"discard", "--all", "--dry-run"}).output, HasSubstr("5 would be discarded"));
  EXPECT_EQ(held(), 5);
  EXPECT_EQ(audited("outbox.discard"), 0);
  EXPECT_EQ(outbox({}).exit_code, 64);
  EXPECT_EQ(outbox({"lst"}).exit_code, 64);
}

TEST_F(OutboxCommand, OnlyWhatWasChosenIsDiscardedAndWrittenDown) {
  hold_some();
  EXPECT_THAT(outbox({"discard", id(1), "--reason", "too large", "--who", "anna"}).output,
              HasSubstr("1 discarded"));
  EXPECT_THAT(batches({}), ElementsAre(2, 3, 4, 5));
  const Json outcome = json({"outbox", "discard", "--topic", "t1", "--reason", "mistyped"});
  EXPECT_EQ(outcome["count"], 3);
  EXPECT_THAT(batches({}), ElementsAre(4));
  const Json audit = json({"audit"})["audit"];
  ASSERT_EQ(audit.size(), 2U);
  EXPECT_EQ(audit[1]["action"], "outbox.discard");
  EXPECT_EQ(audit[1]["who"], "anna");
  EXPECT_EQ(audit[1]["reason"], "too large");
  EXPECT_EQ(audit[1]["count"], 1);
  EXPECT_EQ(audit[0]["filter"]["topic"], "t1");
}

// The relay would read it again, and hold it again.
TEST_F(OutboxCommand, WhatThePositionHasNotPassedStays) {
  hold(50, "t", "a", "X");  // a hole
  hold(100, "t", "b", "X");
  hold(101, "t", "c", "X");  // above the position
  const Finished finished = outbox({"discard", "--all", "--reason", "gone"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("1 discarded; 2 not yet"));
  database_.execute("UPDATE pawl.relay_position SET batch = 101, holes = '{}'");
  EXPECT_EQ(outbox({"discard", "--all", "--reason", "gone"}).exit_code, 0);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(audited("outbox.discard"), 3);
}

TEST_F(OutboxCommand, ADatabaseWithoutPawlIsNamed) {
  database_.execute("DROP SCHEMA pawl CASCADE");
  const Finished finished = outbox({"list"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.errors, HasSubstr("pawl migrate up"));
  EXPECT_THAT(finished.output, IsEmpty());
}

}  // namespace
}  // namespace pawl::test
