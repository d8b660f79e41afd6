// An operator finds dead letters and understands them.
#include "integration/dead_letters/fixture.h"
#include "ledger/v1/commands.pb.h"
#include "pawl/dead_letters/filter.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DeadReading : public DeadLettersTest {
 protected:
  std::vector<std::int64_t> offsets(std::vector<std::string> options) {
    options.insert(options.begin(), {"dead", "list"});
    const Json page = json(std::move(options));
    std::vector<std::int64_t> found;
    for (const Json& letter : page["dead_letters"]) found.push_back(letter["offset"]);
    return found;
  }
};

TEST_F(DeadReading, PagesHoldEachLetterOnce) {
  bury(7, 1, "a", 1);
  database_.execute(
      "UPDATE pawl.dead_letter SET last_failed_at = '2026-11-22 01:00Z'");  // ids decide
  std::vector<std::int64_t> found;
  std::vector<std::string> options{"dead", "list", "--limit", "3"};
  for (int pages = 1;; ++pages) {
    const Json page = json(options);
    EXPECT_EQ(page["count"], 7);
    for (const Json& letter : page["dead_letters"]) found.push_back(letter["offset"]);
    if (page["after"].is_null()) break;
    ASSERT_LT(pages, 4);
    options = {"dead", "list", "--limit", "3", "--after", page["after"]};
  }
  EXPECT_THAT(found, ElementsAre(7, 6, 5, 4, 3, 2, 1));
}

TEST_F(DeadReading, EachFilterNarrows) {
  bury(3, 1, "a", 1);
  bury(3, 11, "b", -2);
  database_.execute("UPDATE pawl.dead_letter SET state = 'discarded' WHERE record_offset = 3");
  EXPECT_THAT(offsets({}), ElementsAre(13, 12, 11, 2, 1));
  EXPECT_THAT(offsets({"--type", "b"}), ElementsAre(13, 12, 11));
  EXPECT_THAT(offsets({"--group", dead_letters::fingerprint_text(-2)}), ElementsAre(13, 12, 11));
  EXPECT_THAT(offsets({"--key", "k2"}), ElementsAre(12, 2));
  EXPECT_THAT(offsets({"--state", "discarded"}), ElementsAre(3));
  EXPECT_THAT(offsets({"--state", "all", "--type", "a"}), ElementsAre(3, 2, 1));
  EXPECT_THAT(offsets({"--since", "2026-11-22T00:02:00Z", "--until", "2026-11-22 00:12:00"}),
              ElementsAre(11, 2));
  EXPECT_THAT(offsets({"--consumer", "other"}), ElementsAre());
}

TEST_F(DeadReading, GroupsAreCountedByFailureAndType) {
  bury(2, 1, "a", 1);
  bury(5, 11, "b", 1);
  bury(1, 21, "b", 2);
  const Json groups = json({"dead", "groups"})["groups"];
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0]["type"], "b");
  EXPECT_EQ(groups[0]["count"], 5);
  EXPECT_EQ(groups[0]["latest_text"], "no account 15");
  EXPECT_EQ(groups[0]["last_failed_at"], "2026-11-22T00:15:00.000Z");
  EXPECT_EQ(groups[1]["type"], "a");
  EXPECT_EQ(groups[2]["group"], dead_letters::fingerprint_text(2));
  EXPECT_THAT(dead({"groups"}).output, HasSubstr("8 dead letters in 3 groups"));
}

TEST_F(DeadReading, TheTableSaysHowToGoOn) {
  bury(3, 1, "a", 1);
  EXPECT_THAT(
      dead({"list", "--limit", "2"}).output,
      testing::AllOf(HasSubstr("2 of 3 dead letters"), HasSubstr("--after " + letter_id(2))));
  EXPECT_THAT(dead({"list", "--type", "none"}).output, HasSubstr("no dead letters"));
}

TEST_F(DeadReading, ACommandIsShownAsJson) {
  bury(1, 1, "ledger.v1.TransferFunds", 1);
  ledger::v1::TransferFunds transfer;
  transfer.set_debit_account_id(7);
  transfer.set_memo("rent");
  postgres::Parameters parameters;
  parameters.add_bytes(transfer.SerializeAsString());
  database_.execute(R"(
UPDATE pawl.dead_letter SET payload = $1, headers = '[["ce_id","x"],["ce_type","ledger.v1.TransferFunds"],
  ["ce_source","s"],["ce_specversion","1.0"],["content-type","application/protobuf"],["trace",{"base64":"/w=="}]]')",
                    parameters);
  const Json shown = json({"dead", "show", letter_id(1)});
  EXPECT_EQ(shown["command"]["debitAccountId"], "7");
  EXPECT_EQ(shown["command"]["memo"], "rent");
  EXPECT_EQ(shown["headers"][5][1]["base64"], "/w==");
  const std::string page = dead({"show", letter_id(1)}).output;
  EXPECT_THAT(page, HasSubstr("\"memo\": \"rent\""));
  EXPECT_THAT(page, HasSubstr("ledger.commands/3 offset 1"));
  EXPECT_THAT(page, HasSubstr("trace: 0xff"));
}

TEST_F(DeadReading, WhatCannotBeReadIsShownAsItCame) {
  bury(2, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET payload = '\\xff00' WHERE record_offset = 2");
  EXPECT_THAT(dead({"show", letter_id(1)}).output, HasSubstr("not a message"));
  EXPECT_THAT(dead({"show", letter_id(2)}).output, HasSubstr("0xff00"));
  EXPECT_TRUE(json({"dead", "show", letter_id(2)})["command"].is_null());
}

TEST_F(DeadReading, NoBytesSteerTheTerminal) {
  bury(1, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET key = '\\x1b5b324a'");
  EXPECT_THAT(dead({"show", letter_id(1)}).output, HasSubstr("0x1b5b324a"));
  EXPECT_THAT(dead({"list"}).output, HasSubstr("0x1b5b324a"));
}

TEST_F(DeadReading, ExportHasAllOfThemTheOldestFirst) {
  bury(450, 1, "a", 1);  // more than two pages
  const Finished finished = dead({"export"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.errors, HasSubstr("450 dead letters written"));
  std::istringstream lines(finished.output);
  std::int64_t expected = 1;
  for (std::string line; std::getline(lines, line); ++expected) {
    const Json letter = Json::parse(line);
    ASSERT_EQ(letter["offset"], expected);
    ASSERT_EQ(letter["payload"], "not a message");
  }
  EXPECT_EQ(expected, 451);
}

TEST_F(DeadReading, MistakesAreNamed) {
  const auto expect = [this](std::vector<std::string> options, int code, const char* text) {
    const Finished finished = dead(std::move(options));
    EXPECT_EQ(finished.exit_code, code);
    EXPECT_THAT(finished.errors, HasSubstr(text));
    EXPECT_THAT(finished.errors, Not(HasSubstr("terminate")));
  };
  expect({"show", letter_id(1)}, 1, "no dead letter");
  expect({"show", "7"}, 64, "expected the id of a dead letter");
  expect({"list", "--group", "7"}, 64, "16 hexadecimal digits");
  expect({"list", "--since", "yesterday"}, 64, "expected 90s");
  expect({"list", "--after", "7"}, 64, "--after");
  expect({"list", "--after", letter_id(1)}, 1, "no such dead letter");
  expect({"list", "--consumer", "nobody"}, 1, "known: ledger, other");
  expect({}, 64, "subcommand");
  expect({"lst"}, 64, "lst");
}

TEST_F(DeadReading, WithoutTablesItSaysWhatToDo) {
  database_.execute("DROP SCHEMA pawl CASCADE");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"audit"}, {"dead", "list"}}) {
    const Finished finished = pawl(command);
    EXPECT_EQ(finished.exit_code, 1);
    EXPECT_THAT(finished.errors, HasSubstr("pawl migrate up"));
  }
}

}  // namespace
}  // namespace pawl::test
