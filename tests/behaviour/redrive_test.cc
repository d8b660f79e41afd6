// Dead letters that are handed back while their consumer runs.
#include "pawl/dead_letters/redrive.h"

#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"
#include "behaviour/postgres_world.h"
#include "ledger/v1/commands.pb.h"
#include "pawl/codec/headers_json.h"
#include "pawl/dead_letters/edited_redrive.h"
#include "pawl/dead_letters/reader.h"

namespace pawl::test {
namespace {

using dead_letters::EditOutcome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Redriving : public EngineTest {
 protected:
  Redriving() : EngineTest(std::make_unique<PostgresWorld>(PostgresWorld::Use::shared_database)) {}
  void SetUp() override {
    retry_with({.attempts_max = 2, .immediate = 1});
    start();
    open_accounts(4);
  }
  std::int64_t redrive(std::int64_t letters_max = 1000, int redrives_max = 5) {
    return redrive_some(connection_, to_redrive(redrives_max), letters_max);
  }
  dead_letters::Redrive to_redrive(int redrives_max) {
    return {{.consumer = consumer()}, "test", "it is well again", redrives_max};
  }
  /// Hands the dead letter of command n back as this one.
  EditOutcome edit(int n, const Command& corrected, int redrives_max = 5) {
    auto redrive = to_redrive(redrives_max);
    const dead_letters::Letter letter = letter_of(n);
    redrive.filter.ids = {letter.id};
    expect_command(corrected);
    return redrive_edited(connection_, redrive, edited(letter, corrected));
  }
  dead_letters::Letter letter_of(int n) {
    auto letters = dead_letters::Reader{connection_}.list({.consumer = consumer()},
                                                          {.limit = 100, .whole = true});
    const auto found =
        std::ranges::find(letters, uuid(n), [](const auto& letter) { return letter.message_id; });
    if (found == letters.end()) throw std::logic_error("no dead letter of " + std::to_string(n));
    return std::move(*found);
  }
  static dead_letters::EditedCommand edited(const dead_letters::Letter& letter,
                                            const Command& corrected) {
    const auto type = codec::command_type_of<ledger::v1::TransferFunds>();
    codec::MessageArena arena;
    const auto headers = codec::headers_of_json(letter.headers);
    std::vector<Header> views;
    for (const codec::OwnedHeader& each : headers) views.push_back({each.name, each.value});
    const Uuid id = Uuid::parse(corrected.id).value();
    return {id,
            codec::edited_record(make_record(letter.key, letter.payload, views),
                                 {.type = type,
                                  .json = type.to_json(type.parse_binary(corrected.payload, arena)),
                                  .id = id,
                                  .original_id = letter.message_id,
                                  .topic = kTopic})
                .value(),
            0};
  }
  /// Of the events that command n caused.
  std::vector<std::string> correlations_of(int n) {
    std::vector<std::string> correlations;
    for (const NumberedEvent& event : world().outbox()) {
      if (event.row.causation_id == id(n))
        correlations.emplace_back(event.row.correlation_id.value_or("none"));
    }
    return correlations;
  }
  std::int16_t consumer() {
    return static_cast<std::int16_t>(
        connection_.execute({"", "SELECT id FROM pawl.consumer WHERE name = 'ledger'"})
            .integer(0, 0));
  }
  /// An idle engine looks once a second.
  void run_for_a_second() {
    pass(1s);
    run();
  }
  void die(int n, std::int64_t from) { deliver(transfer(n, from, 4, 1, "throw 2")); }

  postgres::Connection connection_ =
      dynamic_cast<PostgresWorld&>(world()).database().connect("operator");
};

TEST_P(Redriving, ItRunsAgainAndIsNoDuplicate) {
  die(1, 1);
  deliver(transfer(2, 1, 4, 1));
  run();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(redrive(), 1);
  EXPECT_EQ(position(0).parked, 1);
  run_for_a_second();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(balance(4), 2);
  EXPECT_THAT(world().held(), IsEmpty());
  EXPECT_EQ(redrive(), 0);
}

TEST_P(Redriving, InTheOrderOfTheirOffsets) {
  for (int n = 1; n <= 6; ++n) die(n, 1 + n % 2);
  run();
  EXPECT_THAT(world().dead_letters(), SizeIs(6));
  EXPECT_EQ(redrive(4), 4);
  EXPECT_EQ(redrive(4), 2);
  run_for_a_second();
  std::vector<int> odd, even;
  for (const std::string& decided : moods().decided) {
    for (int n = 1; n <= 6; ++n) {
      if (id(n) == decided) (n % 2 == 1 ? odd : even).push_back(n);
    }
  }
  EXPECT_THAT(odd, ElementsAre(1, 1, 3, 3, 5, 5, 1, 3, 5));
  EXPECT_THAT(even, ElementsAre(2, 2, 4, 4, 6, 6, 2, 4, 6));
}

TEST_P(Redriving, BehindWhatIsParkedOfItsKey) {
  retry_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  kill();
  start();
  deliver(transfer(1, 1, 4, 1, "throw"));
  run_through_retries();
  deliver(transfer(2, 1, 4, 1, "throw 2"));
  deliver(transfer(3, 1, 4, 1));
  run();
  EXPECT_EQ(redrive(), 1);
  run_for_a_second();
  const auto held = world().held();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_THAT(held[0].parked, ElementsAre(uuid(2), uuid(3), uuid(1)));
  run_through_retries();
  EXPECT_EQ(balance(4), 2);
  EXPECT_EQ(ending(1), Ending::exhausted) << "still in a bad mood";
}

// Its batch is fenced, so it reads again what is held.
TEST_P(Redriving, ABusyEngineNoticesByItsFence) {
  die(1, 1);
  run();
  worker().store().hold_next(Step::claim);
  deliver(transfer(2, 1, 4, 1));
  worker().run_until_held();
  EXPECT_EQ(redrive(), 1);
  worker().store().let_go();
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_TRUE(worker().logged("fenced"));
}

TEST_P(Redriving, WhatDiesAgainIsHandedBackSoOftenOnly) {
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  for (int times = 1; times <= 3; ++times) {
    EXPECT_EQ(redrive(1000, 3), 1);
    run_for_a_second();
    EXPECT_THAT(world().dead_letters(), SizeIs(static_cast<std::size_t>(1 + times)));
  }
  EXPECT_EQ(redrive(1000, 3), 0);
  EXPECT_EQ(plan_redrive(connection_, to_redrive(3), 10).capped, 1);
  EXPECT_EQ(redrive(1000, 4), 1);
  run_for_a_second();
}

// Undecodable the first time; a record of the same id that could be read has completed since.
TEST_P(Redriving, ATwinThatHasCompletedIsNotDoneAgain) {
  Command broken = transfer(1, 1, 4, 1);
  broken.payload = "\xff\xff";
  deliver(broken);
  deliver(transfer(1, 1, 4, 1));
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  const std::string payload = transfer(1, 1, 4, 1).payload;
  postgres::Parameters parameters;
  parameters.add_bytes(payload);
  connection_.execute({"", "UPDATE pawl.dead_letter SET payload = $1"}, parameters);
  EXPECT_EQ(redrive(), 1);
  run_for_a_second();
  EXPECT_EQ(balance(4), 1);
  EXPECT_EQ(position(0).duplicate, 1);
}

// Found by the property test.
TEST_P(Redriving, ATwinThatCannotBeReadLeavesItsEndingAlone) {
  Command broken = transfer(1, 1, 4, 1);
  broken.payload = "\xff\xff";
  deliver(broken);
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(redrive(1), 1);
  EXPECT_EQ(ending(1), Ending::exhausted);
  run_for_a_second();
}

TEST_P(Redriving, ARestartInBetweenChangesNothing) {
  for (int n = 1; n <= 3; ++n) die(n, 1);
  run();
  kill();
  EXPECT_EQ(redrive(), 3);
  start();
  run();
  EXPECT_EQ(balance(4), 3);
}

TEST_P(Redriving, AnEditedCommandTakesEffectOnceUnderItsNewId) {
  deliver(transfer(1, 1, 4, 500, "throw"));
  run();
  EXPECT_EQ(edit(1, transfer(2, 1, 4, 5)), EditOutcome::handed_back);
  run_for_a_second();
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_EQ(balance(4), 5);
  deliver(transfer(1, 1, 4, 500));
  deliver(transfer(2, 1, 4, 5));
  run();
  EXPECT_EQ(position(0).duplicate, 2) << "the original's id stays dead";
  EXPECT_THAT(transferred(), ElementsAre(2));
  EXPECT_THAT(correlations_of(2), ElementsAre(id(1)));
}

TEST_P(Redriving, AnEditedCommandGoesBehindWhatIsParkedOfItsKey) {
  retry_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  kill();
  start();
  deliver(transfer(1, 1, 4, 500, "throw"));
  run_through_retries();
  deliver(transfer(2, 1, 4, 1, "throw 2"));
  deliver(transfer(3, 1, 4, 1));
  run();
  EXPECT_EQ(edit(1, transfer(4, 1, 4, 5)), EditOutcome::handed_back);
  run_for_a_second();
  const auto held = world().held();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_THAT(held[0].parked, ElementsAre(uuid(2), uuid(3), uuid(4)));
  run_through_retries();
  EXPECT_EQ(moods().decided.back(), id(4));
  EXPECT_EQ(balance(4), 7);
}

TEST_P(Redriving, EditsCountAsRedrives) {
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  for (int times = 1; times <= 3; ++times) {
    EXPECT_EQ(edit(times, transfer(times + 1, 1, 4, 1, "throw"), 3), EditOutcome::handed_back);
    run_for_a_second();
    EXPECT_EQ(letter_of(times + 1).redrives, times);
  }
  EXPECT_EQ(edit(4, transfer(5, 1, 4, 1), 3), EditOutcome::gone);
  EXPECT_EQ(redrive(1000, 3), 0);
  EXPECT_EQ(redrive(1000, 4), 1);
  run_for_a_second();
  EXPECT_EQ(letter_of(1).edited_as, uuid(2));
}

TEST_P(Redriving, WhatCouldNotBeReadIsRepairedAndATwinOfItIsADuplicate) {
  Command broken = transfer(1, 1, 4, 1);
  broken.payload = "\xff\xff";
  deliver(broken);
  run();
  EXPECT_EQ(edit(1, transfer(2, 1, 4, 5)), EditOutcome::handed_back);
  run_for_a_second();
  deliver(transfer(1, 1, 4, 1));
  run();
  EXPECT_THAT(transferred(), ElementsAre(2));
  EXPECT_EQ(position(0).duplicate, 1);
}

TEST_P(Redriving, WhatATwinHasDoneIsNotDoneUnderANewId) {
  Command broken = transfer(1, 1, 4, 1);
  broken.payload = "\xff\xff";
  deliver(broken);
  deliver(transfer(1, 1, 4, 1));
  run();
  EXPECT_EQ(edit(1, transfer(2, 1, 4, 5)), EditOutcome::ended);
  run_for_a_second();
  EXPECT_EQ(balance(4), 1);
  EXPECT_THAT(world().held(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(On,
                         Redriving,
                         testing::Values(Setup{Backend::postgres, 1}, Setup{Backend::postgres, 2}),
                         setup_name);

}  // namespace
}  // namespace pawl::test
