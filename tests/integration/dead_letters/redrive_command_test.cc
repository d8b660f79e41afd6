// `pawl dead redrive`.
#include "integration/dead_letters/fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DeadRedrive : public DeadLettersTest {
 protected:
  void SetUp() override {
    database_.execute(
        "INSERT INTO pawl.consumer_position (consumer, topic, partition, epoch, start_offset, "
        "next_offset, received, exhausted) VALUES (1, 'ledger.commands', 3, 1, 0, 100, 100, 100)");
  }
  std::vector<std::int64_t> parked_of(const std::string& key) {
    const auto rows =
        database_.execute("SELECT record_offset FROM pawl.parked_command WHERE key = convert_to('" +
                          key + "', 'UTF8') ORDER BY sequence");
    std::vector<std::int64_t> offsets;
    for (int row = 0; row < rows.rows(); ++row) offsets.push_back(rows.integer(row, 0));
    return offsets;
  }
};

TEST_F(DeadRedrive, ADryRunSaysHowManyOfWhichKeysInWhichOrder) {
  bury(25, 1, "a", 1);
  const Finished finished = dead({"redrive", "--all", "--dry-run"});
  EXPECT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("25 would be handed back, of 10 keys"));
  EXPECT_THAT(finished.output, HasSubstr("1 to 21"));
  EXPECT_EQ(in_state("dead"), 25);
  EXPECT_EQ(database_.number("SELECT count(*) FROM pawl.parked_command"), 0);
}

TEST_F(DeadRedrive, EachKeyInOrderWithItsRowOfAudit) {
  bury(25, 1, "a", 1);
  const Json json =
      this->json({"dead", "redrive", "--all", "--pace", "10", "--reason", "well again"});
  EXPECT_EQ(json["count"], 25);
  EXPECT_EQ(json["complete"], true);
  EXPECT_THAT(parked_of("k1"), ElementsAre(1, 11, 21));
  EXPECT_EQ(in_state("redriven"), 25);
  EXPECT_EQ(database_.number("SELECT parked FROM pawl.consumer_position"), 25);
  EXPECT_EQ(database_.number("SELECT redriven_exhausted FROM pawl.consumer_position"), 25);
  EXPECT_EQ(database_.number("SELECT count(*) FROM pawl.audit WHERE action = 'dead.redrive'"), 3);
  EXPECT_EQ(database_.number("SELECT sum(count)::bigint FROM pawl.audit"), 25);
  EXPECT_EQ(dead({"redrive", "--all", "--reason", "again"}).output, "0 handed back\n");
}

TEST_F(DeadRedrive, OnlyWhatWasChosenAndBehindWhatWaits) {
  bury(10, 1, "a", 1);
  bury(10, 11, "b", 2);
  EXPECT_EQ(dead({"redrive", "--type", "b", "--reason", "first"}).output, "10 handed back\n");
  EXPECT_EQ(dead({"redrive", "--key", "k1", "--reason", "then"}).output, "1 handed back\n");
  EXPECT_THAT(parked_of("k1"), ElementsAre(11, 1));
}

TEST_F(DeadRedrive, WithoutAChoiceOrAReasonNothingHappens) {
  bury(1, 1, "a", 1);
  EXPECT_EQ(dead({"redrive", "--reason", "all of them"}).exit_code, 64);
  const Finished unexplained = dead({"redrive", "--all"});
  EXPECT_EQ(unexplained.exit_code, 64);
  EXPECT_THAT(unexplained.errors, HasSubstr("--reason"));
  EXPECT_EQ(in_state("dead"), 1);
}

TEST_F(DeadRedrive, WhatHasNoPositionStays) {
  database_.execute("UPDATE pawl.consumer_position SET partition = 4");
  bury(3, 1, "a", 1);
  EXPECT_EQ(dead({"redrive", "--all", "--reason", "well again"}).output, "0 handed back\n");
  EXPECT_EQ(in_state("dead"), 3);
}

}  // namespace
}  // namespace pawl::test
