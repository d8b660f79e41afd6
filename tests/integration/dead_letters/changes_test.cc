// What an operator decides is done once, and written down.
#include "integration/dead_letters/fixture.h"
#include "pawl/dead_letters/change.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class DeadChanges : public DeadLettersTest {
 protected:
  std::int64_t audited(const std::string& action) {
    return database_.number(
        "SELECT coalesce(sum(count), 0)::bigint FROM pawl.audit WHERE action = '" + action + "'");
  }
};

TEST_F(DeadChanges, NothingHappensWithoutAChoiceAndAReason) {
  bury(3, 1, "a", 1);
  const Finished all = dead({"discard", "--reason", "x"});
  EXPECT_EQ(all.exit_code, 64);
  EXPECT_THAT(all.errors, HasSubstr("which ones?"));
  const Finished why = dead({"discard", "--all"});
  EXPECT_EQ(why.exit_code, 64);
  EXPECT_THAT(why.errors, HasSubstr("--reason"));
  EXPECT_THAT(dead({"discard", "--all", "--dry-run"}).output, HasSubstr("3 would be discarded"));
  EXPECT_EQ(in_state("dead"), 3);
  EXPECT_EQ(audited("dead.discard"), 0);
}

TEST_F(DeadChanges, OnlyWhatWasChosen) {
  bury(4, 1, "a", 1);
  bury(4, 11, "b", 1);
  EXPECT_THAT(dead({"discard", letter_id(2), letter_id(12), "--reason", "test data"}).output,
              HasSubstr("2 discarded"));
  EXPECT_THAT(dead({"discard", "--type", "b", "--reason", "test data"}).output,
              HasSubstr("3 discarded"));
  EXPECT_EQ(in_state("dead"), 3);
  EXPECT_THAT(dead({"restore", letter_id(2), letter_id(3), "--reason", "a mistake"}).output,
              HasSubstr("1 restored"));
  EXPECT_EQ(in_state("discarded"), 4);
}

TEST_F(DeadChanges, EveryLetterIsInTheAudit) {
  bury(2'500, 1, "a", 1);
  const Finished finished = dead({"discard", "--all", "--reason", "gone", "--who", "anna"});
  EXPECT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("2,500 discarded"));
  EXPECT_THAT(finished.errors, HasSubstr("1,000 discarded"));
  EXPECT_EQ(audited("dead.discard"), 2'500);
  const Json audit = json({"audit"})["audit"];
  ASSERT_EQ(audit.size(), 3U);
  EXPECT_EQ(audit[2]["count"], 1'000);
  EXPECT_EQ(audit[2]["who"], "anna");
  EXPECT_EQ(audit[2]["reason"], "gone");
  EXPECT_EQ(audit[2]["filter"]["consumer"], "ledger");
  EXPECT_THAT(pawl({"audit"}).output, HasSubstr("dead.discard"));
}

TEST_F(DeadChanges, JsonSaysWhatWasDone) {
  bury(3, 1, "a", 1);
  const Json counted = json({"dead", "discard", "--type", "a", "--dry-run"});
  EXPECT_EQ(counted["dry_run"], true);
  EXPECT_EQ(counted["count"], 3);
  EXPECT_EQ(in_state("dead"), 3);
  const Json done =
      json({"dead", "discard", letter_id(1), letter_id(2), "--reason", "gone", "--who", "anna"});
  EXPECT_EQ(done["action"], "discard");
  EXPECT_EQ(done["dry_run"], false);
  EXPECT_EQ(done["count"], 2);
  EXPECT_EQ(done["complete"], true);
  EXPECT_EQ(done["consumer"], "ledger");
  EXPECT_EQ(done["filter"]["ids"], Json::array({letter_id(1), letter_id(2)}));
  EXPECT_EQ(done["reason"], "gone");
  EXPECT_EQ(done["who"], "anna");
  const Json back = json({"dead", "restore", "--all", "--reason", "a mistake"});
  EXPECT_EQ(back["action"], "restore");
  EXPECT_EQ(back["count"], 2);
}

// As if it had been killed after its first transaction.
TEST_F(DeadChanges, ADiscardThatDiedHalfWayGoesOn) {
  bury(100, 1, "a", 1);
  postgres::Connection connection = database_.connect();
  EXPECT_EQ(dead_letters::change_some(connection,
                                      {.consumer = 1, .type = "a"},
                                      {.from = dead_letters::State::dead,
                                       .to = dead_letters::State::discarded,
                                       .action = "dead.discard",
                                       .who = "anna",
                                       .reason = "gone"},
                                      60),
            60);
  EXPECT_EQ(
      database_.number("SELECT max(record_offset) FROM pawl.dead_letter WHERE state = 'discarded'"),
      60);
  EXPECT_THAT(dead({"discard", "--type", "a", "--reason", "gone"}).output,
              HasSubstr("40 discarded"));
  EXPECT_EQ(audited("dead.discard"), 100);
}

}  // namespace
}  // namespace pawl::test
