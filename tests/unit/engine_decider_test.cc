// From records to what a transaction will say, without engine, database or broker.
#include <algorithm>
#include <stdexcept>

#include "engine_fixture.h"
#include "ledger/v1/commands.pb.h"
#include "pawl/codec/command_encoder.h"
#include "pawl/engine/decider.h"
#include "pawl/observe/metrics.h"
#include "support/records.h"

namespace pawl::engine {
namespace {

using ledger::v1::OpenAccount;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class StillClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const override { return SteadyTime{1h}; }
  [[nodiscard]] WallTime wall() const override { return WallTime{1'700'000'000s}; }
};

// OpenAccount stands for "add overdraft_limit to the counter account_id"; its currency says what
// goes wrong.
class CounterDomain final : public Domain {
 public:
  std::span<Table* const> tables() override { return list_; }
  void touch(const codec::CommandType&, const void* message) override {
    const auto& command = *static_cast<const OpenAccount*>(message);
    ++touched;
    if (command.currency() == "touch throws") throw std::runtime_error("touch threw");
    counters.need(command.account_id());
  }
  Decision decide(const codec::CommandType&, const void* message, const CommandInfo&) override {
    const auto& command = *static_cast<const OpenAccount*>(message);
    counters.edit(command.account_id()).value += command.overdraft_limit();
    if (command.currency() == "throw") throw std::runtime_error("decide threw");
    if (command.currency() == "reject") return reject("no");
    if (command.currency() == "reject badly") return reject("badly");
    return emit(Emitted{"test.Added", "payload", std::nullopt});
  }
  Decision handle(const codec::CommandType&, const void*, Context&) override {
    throw std::logic_error("no type of this domain has SQL of its own");
  }
  std::span<Table* const> written_by(const codec::CommandType&) override { return {}; }
  std::optional<Emitted> rejection(const CommandInfo&, const std::string& code) override {
    if (code == "badly") throw std::runtime_error("rejection threw");
    return Emitted{"test.Rejected", code, "own key"};
  }

  Counters counters = make_counters();
  int touched = 0;

 private:
  std::vector<Table*> list_{&counters};
};

class DeciderTest : public testing::Test {
 protected:
  // ---- a batch
  struct Told {
    int id;
    std::int64_t counter = 1;
    std::int64_t amount = 1;
    std::string mood = "EUR";
    int lane = 0;
  };
  void add(const Told& told) {
    OpenAccount command;
    command.set_account_id(told.counter);
    command.set_overdraft_limit(told.amount);
    command.set_currency(told.mood);
    const std::string id = uuid(told.id).to_string();
    add_record(
        told.lane, command.SerializeAsString(), {.id = id, .source = "test", .type = type_.name});
  }
  void add_record(int lane, const std::string& value, const codec::CommandHeaders& headers) {
    const auto texts = codec::command_headers(headers);
    Record record = test::make_record({"the key", value, {texts.begin(), texts.end()}});
    record.offset = offsets_[lane]++;
    batch().items.push_back(
        {{std::move(record)}, &this->lane(lane), std::unexpected(codec::Undecodable{})});
  }
  Batch& batch() {
    if (batches_.empty() || batches_.back()->phase != Phase::claiming) {
      auto batch = std::make_unique<Batch>();
      batch->number = ++number_;
      batches_.push_back(std::move(batch));
    }
    return *batches_.back();
  }
  // Claims and loads; counters 1 to 9 hold 10 times their number. Ids in `known` were there before.
  Batch& decide(const std::vector<int>& known = {}, BatchNumber oldest = 0) {
    Batch& batch = this->batch();
    decider_.decode(batch, 0);
    decider_.prepare_claim(batch);
    ClaimAnswer answer;
    answer.outbox_batch = 77;
    for (const inbox::Claim& claim : batch.claim.claims) {
      if (std::ranges::none_of(known, [&](int id) { return uuid(id) == claim.id; })) continue;
      answer.known.emplace_back(claim.id, claim.fingerprint + known_difference_);
    }
    for (const TableLoad& load : batch.claim.loads) {
      std::vector<StoredCounter> found;
      for (const std::int64_t key : ids_of(load.keys)) found.push_back({key, key * 10, 1});
      answer.rows.push_back(rows(found));
    }
    decider_.decide(batch, answer, oldest == 0 ? batch.number : oldest, 5);
    decider_.gather_parking(batch);
    for (const LaneAdvance& advance : batch.fence.lanes)
      lane(advance.lane.partition).advance(advance.next_offset);
    batch.phase = Phase::decided;
    return batch;
  }

  static Uuid uuid(int id) { return Uuid::v7(1'700'000'000s, static_cast<std::uint64_t>(id), 0); }
  Lane& lane(int number) {
    auto& lane = lanes_[number];
    if (!lane) lane = std::make_unique<Lane>(TopicPartition{"topic", number}, 0, 20, nullptr);
    return *lane;
  }
  static std::vector<Ending> endings(const Batch& batch) {
    std::vector<Ending> endings;
    for (const Item& item : batch.items) endings.push_back(item.ending);
    return endings;
  }
  static Ids written(const Batch& batch) {
    return batch.save.writes.empty() ? Ids{} : ids_of(batch.save.writes[0].columns[1]);
  }

  static constexpr RetryPolicy kTwice{
      .attempts_max = 2, .immediate = 0, .backoff = {1'000s, 1'000s}};

  StillClock clock_;
  EngineSettings settings_{.consumer = "counters",
                           .events_topic = "events",
                           .dead_letter_topic = "dead",
                           .retry = {kTwice, kTwice, kTwice}};
  codec::CommandType type_ = codec::command_type_of<OpenAccount>();
  codec::CommandDecoder decoder_{{&type_}};
  CounterDomain domain_;
  observe::Metrics registry_{clock_};
  observe::EngineMetrics metrics_{registry_, {.consumer = "counters", .command_types = {}}};
  observe::Log log_{clock_, {.writer = [](std::string_view) {}}};
  std::mt19937_64 random_{1};
  Circuits circuits_{{.settings = {}, .clock = clock_, .seed = 1}};
  Handling handling_;
  Decider decider_{
      {settings_, decoder_, domain_, metrics_, log_, clock_, random_, handling_, circuits_}};
  std::map<int, std::int64_t> offsets_;
  std::map<int, std::unique_ptr<Lane>> lanes_;
  std::vector<std::unique_ptr<Batch>> batches_;
  BatchNumber number_ = 0;
  std::int64_t known_difference_ = 0;  // between the fingerprints as claimed then and now
};

TEST_F(DeciderTest, ClaimsEachIdOnceAndLoadsEachRowOnce) {
  for (const int id : {1, 2, 1}) add({.id = id});
  add({.id = 3, .counter = 2, .lane = 1});
  Batch& batch = decide();
  EXPECT_THAT(batch.claim.claims, SizeIs(3));
  ASSERT_THAT(batch.claim.loads, SizeIs(1));
  EXPECT_THAT(ids_of(batch.claim.loads[0].keys), ElementsAre(1, 2));
  EXPECT_THAT(
      endings(batch),
      ElementsAre(Ending::completed, Ending::completed, Ending::duplicate, Ending::completed));
}

TEST_F(DeciderTest, CountsWhatEndedInEachLane) {
  add({.id = 1});
  add({.id = 2, .mood = "reject"});
  add({.id = 3, .lane = 1});
  Batch& batch = decide({1});
  ASSERT_THAT(batch.fence.lanes, SizeIs(2));
  const LaneAdvance& first = batch.fence.lanes[0];
  EXPECT_EQ(first.next_offset, 2);
  EXPECT_EQ(first.expected_commits, 20);
  EXPECT_EQ(first.received, 2);
  EXPECT_EQ(first.duplicate, 1);
  EXPECT_EQ(first.rejected, 1);
  EXPECT_EQ(batch.fence.lanes[1].completed, 1);
  EXPECT_EQ(batch.fence.epoch, 5);
}

TEST_F(DeciderTest, ABatchEndsLikeItsCommandsOneByOne) {
  add({.id = 1, .counter = 3, .amount = 5});
  add({.id = 2, .counter = 3, .amount = 100, .mood = "reject"});
  add({.id = 3, .counter = 3, .amount = 7});
  Batch& batch = decide();
  EXPECT_THAT(written(batch), ElementsAre(42));
  ASSERT_THAT(batch.save.endings, SizeIs(1));
  EXPECT_EQ(batch.save.endings[0].ending, Ending::rejected);
  EXPECT_EQ(batch.save.endings[0].code, "no");
}

TEST_F(DeciderTest, EventsCarryTheirCommandsEnvelope) {
  add({.id = 1});
  add({.id = 2, .mood = "reject"});
  Batch& batch = decide();
  ASSERT_THAT(batch.save.events, SizeIs(2));
  const OutboxRow& added = batch.save.events[0];
  EXPECT_EQ(added.topic, "events");
  EXPECT_EQ(added.key, "the key");
  EXPECT_EQ(added.source, "counters");
  EXPECT_EQ(added.causation_id, uuid(1).to_string());
  EXPECT_EQ(batch.save.events[1].key, "own key");
  EXPECT_EQ(batch.save.outbox_batch, 77);
}

TEST_F(DeciderTest, AFailedCommandIsParkedAndSoIsWhatFollowsIt) {
  add({.id = 1});
  add({.id = 2, .mood = "throw"});
  add({.id = 3});
  add({.id = 4, .lane = 1});
  Batch& batch = decide();
  EXPECT_THAT(endings(batch),
              ElementsAre(Ending::completed, Ending::parked, Ending::parked, Ending::completed));
  EXPECT_THAT(batch.save.unclaim, ElementsAre(uuid(2), uuid(3)));
  EXPECT_EQ(batch.fence.lanes[0].next_offset, 3);
  EXPECT_EQ(batch.fence.lanes[0].parked, 2);
  const ParkingChanges& parking = batch.fence.parking;
  ASSERT_THAT(parking.parked, SizeIs(2));
  EXPECT_EQ(parking.parked[0].message_id, uuid(2));
  EXPECT_EQ(parking.parked[1].place.sequence, 1);
  ASSERT_THAT(parking.held, SizeIs(1));
  EXPECT_EQ(parking.held[0].place.held.key, "the key");
  EXPECT_EQ(parking.held[0].attempts, 1);
  EXPECT_EQ(parking.held[0].last_failure.text, "decide threw");
  EXPECT_THAT(parking.released, IsEmpty());
}

TEST_F(DeciderTest, OrItsLaneWaits) {
  settings_.on_failure[type_.name] = OnFailure::block_lane;
  add({.id = 1});
  add({.id = 2, .mood = "throw"});
  add({.id = 3});
  add({.id = 4, .lane = 1});
  Batch& batch = decide();
  EXPECT_THAT(
      endings(batch),
      ElementsAre(Ending::completed, Ending::retry_later, Ending::interrupted, Ending::completed));
  EXPECT_THAT(batch.save.unclaim, ElementsAre(uuid(2), uuid(3)));
  EXPECT_EQ(batch.fence.lanes[0].next_offset, 1);
  EXPECT_THAT(written(batch), ElementsAre(12));
  EXPECT_GT(lane(0).blocked_until(), clock_.now());
  std::vector<Pending> back;
  lane(0).take(back, {2, 1000, true}, clock_.now() + 2'000s);
  ASSERT_THAT(back, SizeIs(2));
  EXPECT_EQ(back[0].attempts, 1);
  EXPECT_EQ(back[1].attempts, 0);
}

TEST_F(DeciderTest, TheLastAttemptIsBuried) {
  add({.id = 1, .mood = "throw"});
  batch().items[0].pending.attempts = 1;
  Batch& batch = decide();
  ASSERT_THAT(batch.save.dead_letters, SizeIs(1));
  EXPECT_EQ(batch.save.dead_letters[0].attempts, 2);
  EXPECT_EQ(batch.save.dead_letters[0].text, "decide threw");
  EXPECT_EQ(batch.save.endings[0].ending, Ending::exhausted);
  EXPECT_EQ(batch.save.events[0].topic, "dead");
  EXPECT_EQ(batch.fence.lanes[0].exhausted, 1);
}

TEST_F(DeciderTest, TouchMayThrow) {
  add({.id = 1, .mood = "touch throws"});
  add({.id = 2, .lane = 1});
  EXPECT_THAT(endings(decide()), ElementsAre(Ending::parked, Ending::completed));
}

// Its rows may be what cannot be loaded.
TEST_F(DeciderTest, WhatIsOutOfAttemptsIsNotTouchedAgain) {
  add({.id = 1});
  batch().items[0].pending.attempts = 1;
  batch().items[0].pending.failed =
      std::make_unique<FailureNote>(FailureNote{"database", "22021", "invalid byte sequence"});
  Batch& batch = decide();
  EXPECT_EQ(domain_.touched, 0);
  EXPECT_THAT(batch.claim.loads, IsEmpty());
  EXPECT_EQ(batch.save.dead_letters.at(0).code, "22021");
}

TEST_F(DeciderTest, ARejectionThatCannotBeToldIsAFailedAttempt) {
  add({.id = 1, .mood = "reject badly"});
  Batch& batch = decide();
  EXPECT_THAT(endings(batch), ElementsAre(Ending::parked));
  EXPECT_THAT(batch.save.endings, IsEmpty());
  EXPECT_THAT(batch.save.events, IsEmpty());
}

TEST_F(DeciderTest, GarbageIsBuriedWithoutAClaim) {
  add({.id = 1});
  add_record(0, "\xff\xff", {.id = "2", .source = "test", .type = type_.name});
  add_record(0, "", {.id = "3", .source = "test", .type = "unknown.Type"});
  add({.id = 4});
  Batch& batch = decide();
  EXPECT_THAT(batch.claim.claims, SizeIs(2));
  EXPECT_THAT(batch.save.dead_letters, SizeIs(2));
  EXPECT_THAT(batch.save.endings, IsEmpty());
  EXPECT_EQ(batch.fence.lanes[0].undecodable, 2);
  EXPECT_EQ(batch.save.dead_letters[1].type, "unknown.Type");
}

TEST_F(DeciderTest, IdsInFlightAreDuplicatesUntilTheirBatchIsSettled) {
  add({.id = 1});
  Batch& first = decide();
  add({.id = 1, .lane = 1});
  Batch& second = decide({}, 1);
  EXPECT_THAT(second.claim.claims, IsEmpty());
  EXPECT_THAT(endings(second), ElementsAre(Ending::duplicate));
  decider_.settle(first);
  decider_.settle(second);
  add({.id = 1, .lane = 1});
  Batch& third = decide({1}, 3);
  EXPECT_THAT(third.claim.claims, SizeIs(1));
  EXPECT_THAT(endings(third), ElementsAre(Ending::duplicate));
}

TEST_F(DeciderTest, WhatWentBackIsNotInFlight) {
  add({.id = 1, .mood = "throw"});
  decide();
  add({.id = 1, .mood = "throw", .lane = 1});
  EXPECT_THAT(decide({}, 1).claim.claims, SizeIs(1));
}

TEST_F(DeciderTest, AnotherPayloadUnderAnIdIsReported) {
  add({.id = 1, .amount = 1});
  add({.id = 1, .amount = 2});
  add({.id = 2});
  decide({2});
  const auto reported = [&] {
    return registry_.expose().find("pawl_payload_mismatch_total{consumer=\"counters\"} 1") !=
           std::string::npos;
  };
  EXPECT_TRUE(reported()) << "inside a batch";
  add({.id = 3});
  decide({3});
  EXPECT_TRUE(reported()) << "the same payload as then";
  known_difference_ = 1;
  add({.id = 4});
  decide({4});
  EXPECT_FALSE(reported()) << "another one";
}

TEST_F(DeciderTest, RowsOfAnEarlierBatchAreWrittenAfterIt) {
  add({.id = 1, .counter = 1});
  decide();
  add({.id = 2, .counter = 1});
  add({.id = 3, .counter = 2});
  Batch& second = decide({}, 1);
  EXPECT_THAT(written(second), ElementsAre(21));
  ASSERT_THAT(second.fence.writes, SizeIs(1));
  EXPECT_THAT(ids_of(second.fence.writes[0].columns[1]), ElementsAre(12));
}

TEST_F(DeciderTest, OwnedStatesAreNotChecked) {
  settings_.sharing = StateSharing::owned;
  add({.id = 1, .mood = "reject"});
  EXPECT_THAT(decide().fence.checks, IsEmpty());
  settings_.sharing = StateSharing::adaptive;
  add({.id = 2, .counter = 2, .mood = "reject"});
  EXPECT_THAT(decide().fence.checks, SizeIs(1));
}

}  // namespace
}  // namespace pawl::engine
