// `pawl dead redrive --edit`.
#include "integration/dead_letters/fixture.h"
#include "ledger/v1/commands.pb.h"

namespace pawl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kOriginal = "00000000-0000-0000-0000-0000000000aa";
constexpr const char* kTransfer = "ledger.v1.TransferFunds";
constexpr const char* kCorrected =
    R"({"debitAccountId": "1", "creditAccountId": "4", "amount": "5", "currency": "EUR"})";

class DeadEdit : public DeadLettersTest {
 protected:
  void SetUp() override {
    database_.execute(
        "INSERT INTO pawl.consumer_position (consumer, topic, partition, epoch, start_offset, "
        "next_offset, received, exhausted) VALUES (1, 'ledger.commands', 3, 1, 1, 2, 1, 1)");
  }
  /// The one letter of these tests: 500 from account 1 to one that is not there, exhausted.
  void bury_transfer() {
    bury(1, 1, kTransfer, 1);
    ledger::v1::TransferFunds command;
    command.set_debit_account_id(1);
    command.set_credit_account_id(404);
    command.set_amount(500);
    command.set_currency("EUR");
    command.set_memo("a secret");
    postgres::Parameters parameters;
    parameters.add_bytes(command.SerializeAsString());
    parameters.add(kOriginal);
    database_.execute(R"(
UPDATE pawl.dead_letter SET payload = $1, message_id = $2::uuid, headers = jsonb_build_array(
  '["ce_specversion", "1.0"]'::jsonb, jsonb_build_array('ce_id', $2), '["ce_source", "/shop"]'::jsonb,
  jsonb_build_array('ce_type', type), '["content-type", "application/protobuf"]'::jsonb))",
                      parameters);
    remember(2);
  }
  /// The original's row in the inbox.
  void remember(int ending) {
    database_.execute(
        std::string("INSERT INTO pawl.inbox (message_id, consumer, generation, ending, "
                    "fingerprint) VALUES ('") +
        kOriginal + "', 1, 0, " + std::to_string(ending) + ", 0)");
  }
  void bury_unreadable() {
    bury(1, 1, kTransfer, 1);
    database_.execute(
        std::string("UPDATE pawl.dead_letter SET class = 'undecodable', message_id = '") +
        kOriginal + "'");
    database_.execute("UPDATE pawl.consumer_position SET exhausted = 0, undecodable = 1");
  }
  /// `pawl dead redrive 1 --edit -`, where it is allowed.
  Finished edit(const std::string& json,
                std::vector<std::string> further = {"--reason", "mistyped"}) {
    std::vector<std::string> command{
        pawl_program(), "dead", "redrive", letter_id(1), "--edit", "-"};
    command.insert(command.end(), further.begin(), further.end());
    return run({.command = std::move(command), .environment = environment(), .input = json});
  }
  std::map<std::string, std::string> environment() {
    return {{"DATABASE_URL", database_.url()},
            {"PAWL_CONSUMER__NAME", "ledger"},
            {"PAWL_DEAD_LETTERS__ALLOW_EDIT", "true"}};
  }
  /// Runs into something that leaves everything as it was; what it said.
  std::string refused(const Finished& finished, int exit_code) {
    EXPECT_EQ(finished.exit_code, exit_code) << finished.output << finished.errors;
    EXPECT_THAT(finished.output, IsEmpty());
    EXPECT_EQ(parked(), 0);
    EXPECT_EQ(database_.number("SELECT count(*) FROM pawl.audit"), 0);
    EXPECT_EQ(database_.number("SELECT sum(parked + held_version)::bigint FROM "
                               "pawl.consumer_position"),
              0);
    return finished.errors;
  }
  std::int64_t parked() { return database_.number("SELECT count(*) FROM pawl.parked_command"); }
  std::string text(const std::string& sql) {
    const auto rows = database_.execute(sql);
    return rows.rows() == 1 ? std::string(rows.text(0, 0)) : "not one row";
  }
  std::int64_t inbox_ending() {
    return database_.number(std::string("SELECT ending FROM pawl.inbox WHERE message_id = '") +
                            kOriginal + "'");
  }
  Finished reconcile() { return pawl({"reconcile"}); }
};

TEST_F(DeadEdit, ANewCommandGoesWhereTheOldOneWas) {
  bury_transfer();
  const Finished finished = edit(kCorrected, {"--reason", "mistyped", "--json"});
  ASSERT_EQ(finished.exit_code, 0) << finished.errors;
  const Json told = Json::parse(finished.output);
  EXPECT_EQ(told["edited_from"], kOriginal);
  const std::string id = told["edited_as"];
  EXPECT_EQ(text("SELECT message_id::text FROM pawl.parked_command"), id);
  EXPECT_EQ(text("SELECT convert_from(record_key, 'UTF8') FROM pawl.parked_command"), "k1");
  EXPECT_EQ(database_.number("SELECT record_offset FROM pawl.parked_command"), 1);
  const std::string headers = text("SELECT headers::text FROM pawl.parked_command");
  EXPECT_THAT(headers, HasSubstr(R"(["ce_id", ")" + id));
  EXPECT_THAT(headers, HasSubstr(std::string(R"(["pawl_edited_from", ")") + kOriginal));
  EXPECT_THAT(headers, HasSubstr(std::string(R"(["ce_correlationid", ")") + kOriginal));
  EXPECT_THAT(headers, HasSubstr(R"(["ce_source", "/shop"])"));
  ledger::v1::TransferFunds command;
  ASSERT_TRUE(command.ParseFromString(
      std::string(database_.execute("SELECT payload FROM pawl.parked_command").text(0, 0))));
  EXPECT_EQ(command.amount(), 5);
  EXPECT_EQ(command.memo(), "");
}

TEST_F(DeadEdit, TheLetterTheAuditAndTheBooksKnow) {
  bury_transfer();
  const Finished finished = edit(kCorrected);
  ASSERT_EQ(finished.exit_code, 0) << finished.errors;
  const std::string id = text("SELECT message_id::text FROM pawl.parked_command");
  EXPECT_EQ(finished.output, "1 handed back: " + id + " instead of " + kOriginal + "\n");
  EXPECT_EQ(in_state("redriven"), 1);
  EXPECT_THAT(dead({"show", letter_id(1)}).output, HasSubstr(id));
  EXPECT_EQ(json({"dead", "show", letter_id(1)})["edited_as"], id);
  EXPECT_EQ(database_.number("SELECT redriven_exhausted FROM pawl.consumer_position"), 1);
  const std::string audit = text("SELECT to_jsonb(a)::text FROM pawl.audit a");
  EXPECT_THAT(audit,
              AllOf(HasSubstr("dead.edit"),
                    HasSubstr(id),
                    HasSubstr(letter_id(1)),
                    HasSubstr("mistyped"),
                    Not(HasSubstr("EUR"))));
}

TEST_F(DeadEdit, TheOriginalsIdStaysDead) {
  bury_transfer();
  ASSERT_EQ(edit(kCorrected).exit_code, 0);
  EXPECT_EQ(inbox_ending(), 3);
}

TEST_F(DeadEdit, ReconcileAccountsForIt) {
  bury_transfer();
  database_.execute(
      "INSERT INTO pawl.outbox (topic, type, source, headers) VALUES ('d', 't', 'ledger', '[]')");
  ASSERT_EQ(reconcile().exit_code, 0) << reconcile().output;
  ASSERT_EQ(edit(kCorrected).exit_code, 0);
  EXPECT_EQ(reconcile().exit_code, 0) << reconcile().output;
}

TEST_F(DeadEdit, WhatCouldNotBeReadIsRepaired) {
  bury_unreadable();
  ASSERT_EQ(edit(kCorrected).exit_code, 0);
  EXPECT_EQ(parked(), 1);
  EXPECT_EQ(database_.number("SELECT redriven_undecodable FROM pawl.consumer_position"), 1);
  EXPECT_EQ(inbox_ending(), 3) << "a readable twin that comes later is a duplicate";
}

TEST_F(DeadEdit, NotWhatATwinHasEnded) {
  bury_unreadable();
  remember(0);
  for (const int ending : {0, 1, 2, 3}) {
    database_.execute("UPDATE pawl.inbox SET ending = " + std::to_string(ending));
    EXPECT_THAT(refused(edit(kCorrected), 1), HasSubstr(kOriginal));
    EXPECT_EQ(inbox_ending(), ending);
  }
  EXPECT_EQ(in_state("dead"), 1);
}

TEST_F(DeadEdit, BehindWhatIsParkedOfItsKey) {
  bury_transfer();
  bury(1, 11, "a", 1);
  ASSERT_EQ(dead({"redrive", letter_id(11), "--reason", "first"}).exit_code, 0);
  ASSERT_EQ(edit(kCorrected).exit_code, 0);
  EXPECT_EQ(database_.number("SELECT record_offset FROM pawl.parked_command ORDER BY sequence DESC "
                             "LIMIT 1"),
            1);
}

TEST_F(DeadEdit, OffUnlessASettingAllowsIt) {
  bury_transfer();
  const Finished finished = run(
      {.command =
           {pawl_program(), "dead", "redrive", letter_id(1), "--edit", "-", "--reason", "mistyped"},
       .environment = {{"DATABASE_URL", database_.url()}, {"PAWL_CONSUMER__NAME", "ledger"}},
       .input = kCorrected});
  EXPECT_THAT(refused(finished, 78), HasSubstr("allow_edit"));
}

TEST_F(DeadEdit, OneAtATime) {
  bury_transfer();
  for (const char* more : {"--all", "--type=a", "--key=k1", "--since=2h"})
    EXPECT_THAT(refused(edit(kCorrected, {"--reason", "r", more}), 64), HasSubstr("one"));
  EXPECT_THAT(refused(edit(kCorrected, {letter_id(2), "--reason", "r"}), 64), HasSubstr("one"));
  EXPECT_THAT(refused(edit(kCorrected, {}), 64), HasSubstr("--reason"));
}

TEST_F(DeadEdit, WhatDoesNotFitItsTypeChangesNothingAndIsNotQuoted) {
  bury_transfer();
  EXPECT_THAT(refused(edit(R"({"amount": "5", "iban": "DE89"})"), 64),
              AllOf(HasSubstr("\"iban\""), Not(HasSubstr("DE89"))));
  EXPECT_THAT(refused(edit(R"({"amount": "a lot"})"), 64),
              AllOf(HasSubstr("amount"), Not(HasSubstr("a lot"))));
  EXPECT_THAT(refused(edit("{amount"), 64), Not(HasSubstr("{amount")));
  EXPECT_THAT(refused(edit("null"), 64), HasSubstr(kTransfer));
}

TEST_F(DeadEdit, AnUnknownTypeCannotBeChecked) {
  bury(1, 1, "no.such.Type", 1);
  EXPECT_THAT(refused(edit("{}"), 1), AllOf(HasSubstr("no.such.Type"), HasSubstr(kTransfer)));
}

TEST_F(DeadEdit, OnlyWhatIsDeadAndNotTooOften) {
  EXPECT_THAT(refused(edit(kCorrected), 1), HasSubstr("no dead letter"));
  bury_transfer();
  database_.execute("UPDATE pawl.dead_letter SET redrives = 5");
  EXPECT_THAT(refused(edit(kCorrected), 1), HasSubstr("--redrives-max"));
  database_.execute("UPDATE pawl.dead_letter SET state = 'discarded', redrives = 0");
  EXPECT_THAT(refused(edit(kCorrected), 1), HasSubstr("discarded"));
}

TEST_F(DeadEdit, NotWhatHasNoPosition) {
  bury_transfer();
  database_.execute("UPDATE pawl.consumer_position SET partition = 4");
  EXPECT_THAT(refused(edit(kCorrected), 1), HasSubstr("position"));
  EXPECT_EQ(inbox_ending(), 2);
}

TEST_F(DeadEdit, ADryRunShowsWhichFieldsChange) {
  bury_transfer();
  const Finished page = edit(kCorrected, {"--dry-run"});
  EXPECT_EQ(page.exit_code, 0) << page.errors;
  EXPECT_THAT(page.output,
              AllOf(HasSubstr("amount"), HasSubstr("\"500\""), HasSubstr("creditAccountId")));
  EXPECT_THAT(page.output, Not(HasSubstr("currency")));
  const Finished finished = edit(kCorrected, {"--dry-run", "--json"});
  const Json changes = Json::parse(finished.output)["changes"];
  EXPECT_EQ(changes["amount"], Json::parse(R"({"from": "500", "to": "5"})"));
  EXPECT_EQ(changes.size(), 3);
  EXPECT_EQ(parked(), 0);
  EXPECT_EQ(in_state("dead"), 1);
}

TEST_F(DeadEdit, ADryRunOfWhatCouldNotBeReadSaysSo) {
  bury_unreadable();
  const Finished finished = edit(kCorrected, {"--dry-run"});
  EXPECT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_THAT(finished.output, AllOf(HasSubstr("cannot be read"), HasSubstr("amount")));
}

// An empty name is a script's variable that was never set, and not a redrive as it is.
TEST_F(DeadEdit, AFileThatIsNotThere) {
  bury_transfer();
  for (const std::string file : {"/nowhere/command.json", ""}) {
    const Finished finished = run({.command = {pawl_program(),
                                               "dead",
                                               "redrive",
                                               letter_id(1),
                                               "--edit",
                                               file,
                                               "--reason",
                                               "mistyped"},
                                   .environment = environment()});
    EXPECT_THAT(refused(finished, 64), HasSubstr("--edit: cannot read"));
  }
}

// As if it were killed at its last statement.
TEST_F(DeadEdit, AllOrNothing) {
  bury_transfer();
  database_.execute("ALTER TABLE pawl.audit ADD CONSTRAINT refused CHECK (action <> 'dead.edit')");
  const Finished finished = edit(kCorrected);
  EXPECT_NE(finished.exit_code, 0);
  static_cast<void>(refused(finished, finished.exit_code));
  EXPECT_EQ(inbox_ending(), 2);
  EXPECT_EQ(in_state("dead"), 1);
  EXPECT_EQ(database_.number("SELECT count(*) FROM pawl.dead_letter WHERE edited_as IS NULL"), 1);
}

}  // namespace
}  // namespace pawl::test
