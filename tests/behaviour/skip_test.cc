// A record that is skipped while its consumer has it in flight.
#include "pawl/consumer/skip.h"

#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"
#include "behaviour/postgres_world.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Skipping : public EngineTest {
 protected:
  Skipping() : EngineTest(std::make_unique<PostgresWorld>(PostgresWorld::Use::shared_database)) {}
  void SetUp() override {
    retry_with({.attempts_max = 2, .immediate = 1});
    start();
    open_accounts(4);
  }
  Database& database() { return dynamic_cast<PostgresWorld&>(world()).database(); }
  config::Settings configuration() {
    config::Settings configuration;
    configuration.database.url = config::Secret(database().url());
    configuration.consumer.name = settings().consumer;
    configuration.consumer.commands_topic = kTopic;
    configuration.consumer.events_topic = settings().events_topic;
    configuration.consumer.dead_letter_topic = settings().dead_letter_topic.name;
    return configuration;
  }
  Record record_at(std::int64_t offset) {
    const FakeTopics::Partition& partition = topics().partitions.at(lane(0));
    const StoredRecord& stored = partition.records.at(static_cast<std::size_t>(offset));
    std::vector<Header> headers;
    for (const auto& [name, value] : stored.headers) headers.push_back({name, value});
    Record record = make_record(stored.key, stored.value, headers);
    record.offset = offset;
    record.timestamp = stored.timestamp;
    return record;
  }
  Skipped skip(std::int64_t offset) {
    const std::int64_t consumer =
        database().number("SELECT id::bigint FROM pawl.consumer WHERE name = 'ledger'");
    return pawl::skip(configuration(),
                      codec::CommandDecoder{registration_.types},
                      {.consumer = static_cast<std::int16_t>(consumer),
                       .lane = lane(0),
                       .next_offset = offset,
                       .who = "test",
                       .reason = "in the way"},
                      record_at(offset));
  }
  void move_money(int n) { deliver(transfer(n, 1, 4, 1)); }

  Registration registration_ = moody_ledger(moods());
};

TEST_P(Skipping, ItEndsAsADeadLetterAndTheNextOneRuns) {
  pause({{.lane = lane(0), .type = {}}});
  for (int n = 1; n <= 3; ++n) move_money(n);
  run();
  EXPECT_EQ(skip(4), Skipped::buried);
  EXPECT_EQ(skip(4), Skipped::moved) << "done twice";
  const auto letters = world().dead_letters();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].failure_class, "skipped");
  EXPECT_EQ(letters[0].code, "operator");
  EXPECT_EQ(letters[0].text, "in the way");
  EXPECT_EQ(letters[0].message_id, uuid(1));
  EXPECT_EQ(ending(1), Ending::exhausted);
  run();
  pause({});
  run();
  EXPECT_THAT(transferred(), ElementsAre(2, 3));
}

TEST_P(Skipping, ATwinIsADuplicateThen) {
  pause({{.lane = lane(0), .type = {}}});
  move_money(1);
  move_money(1);
  EXPECT_EQ(skip(4), Skipped::buried);
  run();
  pause({});
  run();
  EXPECT_EQ(position(0).duplicate, 1);
  EXPECT_THAT(transferred(), IsEmpty());
}

TEST_P(Skipping, WhatHadEndedBeforeIsPassedOver) {
  move_money(1);
  run();
  pause({{.lane = lane(0), .type = {}}});
  move_money(1);
  run();
  EXPECT_EQ(skip(5), Skipped::duplicate);
  EXPECT_EQ(position(0).duplicate, 1);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
}

// The consumer does not know whether its COMMIT got through, and finds out by `commits`: the skip
// must not look like one.
TEST_P(Skipping, AnUnansweredCommitIsNotTakenForAnAnsweredOne) {
  worker().store().hold_next_commit_back();
  for (int n = 1; n <= 3; ++n) move_money(n);
  worker().run_until_held();
  EXPECT_EQ(skip(4), Skipped::buried);
  worker().store().cut();
  run();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_THAT(transferred(), ElementsAre(2, 3));
}

INSTANTIATE_TEST_SUITE_P(On,
                         Skipping,
                         testing::Values(Setup{Backend::postgres, 1}, Setup{Backend::postgres, 2}),
                         setup_name);

}  // namespace
}  // namespace pawl::test
