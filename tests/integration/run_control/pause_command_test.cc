// `pawl pause` and `pawl resume`: what they write, and what they refuse.
#include "integration/run_control/fixture.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class PauseCommand : public RunControlTest {};

TEST_F(PauseCommand, EachPauseHasItsRowOfAudit) {
  const Finished paused = pawl({"pause", "ledger", "--reason", "schema change", "--who", "ann"});
  EXPECT_EQ(paused.exit_code, 0) << paused.errors;
  EXPECT_THAT(paused.output, HasSubstr("ledger: all paused"));
  EXPECT_EQ(count("pause WHERE consumer = 1 AND topic IS NULL AND type IS NULL"), 1);
  EXPECT_EQ(count("audit WHERE action = 'pause' AND who = 'ann' AND reason = 'schema change' AND "
                  "filter = '{\"consumer\": \"ledger\"}'"),
            1);
  EXPECT_THAT(pawl({"resume", "ledger"}).output, HasSubstr("ledger: all resumed"));
  EXPECT_EQ(count("pause"), 0);
  EXPECT_EQ(count("audit WHERE action = 'resume'"), 1);
}

TEST_F(PauseCommand, WhatIsPausedAlreadyIsSaid) {
  EXPECT_EQ(pawl({"pause", "ledger", "--partition", "3"}).exit_code, 0);
  const Finished again = pawl({"pause", "ledger", "--partition", "3", "--reason", "once more"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.output, HasSubstr("had been paused already"));
  EXPECT_EQ(count("pause"), 1);
  EXPECT_EQ(count("audit"), 1);
}

TEST_F(PauseCommand, PausesAddUpAndEachEndsByItself) {
  EXPECT_EQ(pawl({"pause", "ledger"}).exit_code, 0);
  EXPECT_EQ(pawl({"pause", "ledger", "--type", "ledger.v1.CloseMonth"}).exit_code, 0);
  const Json both = json({"pause", "ledger", "--partition", "3", "--type", "ledger.v1.CloseMonth"});
  EXPECT_EQ(both["count"], 1);
  EXPECT_EQ(both["standing"].size(), 3);
  const Finished resumed = pawl({"resume", "ledger"});
  EXPECT_THAT(resumed.output, HasSubstr("type ledger.v1.CloseMonth in partition 3"));
  EXPECT_THAT(pawl({"resume", "ledger"}).output, HasSubstr("had not been paused"));
  EXPECT_EQ(count("pause"), 2);
  const Json all = json({"resume", "ledger", "--all"});
  EXPECT_EQ(all["count"], 2);
  EXPECT_TRUE(all["standing"].empty());
  EXPECT_EQ(count("audit WHERE action = 'resume'"), 3);
}

TEST_F(PauseCommand, WhoeverDoesNotExistIsToldWhoDoes) {
  const Finished finished = pawl({"pause", "ledgre"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.errors, HasSubstr("known: ledger, other"));
  const Finished partition = pawl({"pause", "ledger", "--partition", "7"});
  EXPECT_EQ(partition.exit_code, 1);
  EXPECT_THAT(partition.errors, HasSubstr("ledger.commands/0, ledger.commands/3"));
  EXPECT_EQ(count("pause"), 0);
}

TEST_F(PauseCommand, AConsumerOfSeveralTopicsIsAskedWhichOne) {
  add_position("elsewhere", "3");
  EXPECT_EQ(pawl({"pause", "ledger", "--partition", "3"}).exit_code, 64);
  EXPECT_EQ(pawl({"pause", "ledger", "--partition", "3", "--topic", "elsewhere"}).exit_code, 0);
  EXPECT_EQ(count("pause WHERE topic = 'elsewhere' AND partition = 3"), 1);
}

TEST_F(PauseCommand, WrongArgumentsAreRefused) {
  EXPECT_EQ(pawl({"pause"}).exit_code, 64);
  EXPECT_EQ(pawl({"pause", "ledger", "--partition", "-1"}).exit_code, 64);
  EXPECT_EQ(pawl({"resume", "ledger", "--all", "--type", "x"}).exit_code, 64);
  EXPECT_THAT(pawl({"pause", "--help"}).output, HasSubstr("Examples:"));
}

}  // namespace
}  // namespace pawl::test
