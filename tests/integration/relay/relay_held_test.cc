// Events that cannot be published: held with what follows on their keys, and published in order
// when they can be.
#include "integration/relay/relay_held_fixture.h"
#include "support/forwarding_session.h"

namespace pawl::test {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(RelayHeldTest, OnlyTheKeyOfAnEventThatCannotBePublishedIsHeld) {
  RelayRig rig{database_, patient()};
  rig.publisher.refuse_event("poison:1");
  rig.relay.start();
  write("poison");
  ASSERT_TRUE(holds(1));
  for (int i = 0; i < 30; ++i) write(i % 3 == 0 ? "poison" : "fine", 2);
  ASSERT_TRUE(eventually("the other key is published",
                         [&] { return rig.publisher.log("fine").size() == 40; }));
  EXPECT_TRUE(holds(21));
  EXPECT_TRUE(position_is(last_)) << "held is handled";
  EXPECT_THAT(rig.publisher.log("poison"), IsEmpty());
  EXPECT_EQ(rig.relay.figures().held_keys, 1);
  EXPECT_EQ(
      database_.number(
          "SELECT count(*) FROM pawl.relay_held_event WHERE code = 'refused' AND attempts = 1"),
      1);
  EXPECT_EQ(database_.number(
                "SELECT count(*) FROM pawl.relay_held_event WHERE code IS NULL AND text IS NULL"),
            20);

  rig.publisher.accept_event("poison:1");
  retry();
  EXPECT_TRUE(all_published(rig));
  EXPECT_EQ(rig.publisher.count(), 61) << "each once";
  EXPECT_TRUE(holds(0));
  ASSERT_TRUE(eventually("the key is free", [&] { return rig.relay.figures().held_keys == 0; }));
  write("poison", 3);
  EXPECT_TRUE(all_published(rig));
  EXPECT_EQ(held(), 0);
}

TEST_F(RelayHeldTest, TheWholeEventComesBack) {
  RelayRig rig{database_, patient()};
  rig.publisher.refuse("k");
  rig.relay.start();
  database_.sql(
      R"(INSERT INTO pawl.outbox (topic, key, id, type, source, content_type, correlation_id, causation_id, traceparent,
                                            headers, payload, caused_at, created_at)
    VALUES ('t', 'k', '01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11', 'a.b.C', 's', 'application/protobuf', 'c1', 'c2', 'tp',
            '[["a", "1"]]', '\x00ff', '2026-11-22 10:00Z', '2026-11-22 11:00Z'))");
  ASSERT_TRUE(holds(1));
  rig.publisher.accept("k");
  retry();
  ASSERT_TRUE(eventually("it is published", [&] { return rig.publisher.count() == 1; }));
  const OutboxRow row = rig.publisher.rows().front();
  EXPECT_EQ(row.topic, "t");
  EXPECT_EQ(row.key, "k");
  EXPECT_EQ(row.id.to_string(), "01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11");
  EXPECT_EQ(row.type, "a.b.C");
  EXPECT_EQ(row.source, "s");
  EXPECT_EQ(row.content_type, "application/protobuf");
  EXPECT_EQ(row.correlation_id, "c1");
  EXPECT_EQ(row.causation_id, "c2");
  EXPECT_EQ(row.traceparent, "tp");
  EXPECT_EQ(row.headers, R"([["a", "1"]])");
  EXPECT_EQ(row.payload, (std::string_view{"\0\xff", 2}));
  EXPECT_EQ(row.created_at - row.caused_at, hours{1});
}

TEST_F(RelayHeldTest, ANewRelayKnowsWhatTheLastOneHeld) {
  {
    RelayRig first{database_, patient()};
    first.publisher.refuse("poison");
    first.relay.start();
    write("poison", 2);
    ASSERT_TRUE(holds(2));
    ASSERT_TRUE(position_is(last_));
  }
  RelayRig next{database_, patient()};
  write("poison", 2);  // before it begins
  next.relay.start();
  write("fine", 2);
  write("poison", 2);
  ASSERT_TRUE(holds(6));
  EXPECT_THAT(next.publisher.log(), ElementsAre("fine:1", "fine:2"));
  retry();
  EXPECT_TRUE(all_published(next));
}

TEST_F(RelayHeldTest, ATakeoverKeepsTheOrder) {
  RelayRig first{database_, patient()};
  first.publisher.refuse("poison");
  first.relay.start();
  write("poison", 2);
  ASSERT_TRUE(holds(2));
  first.publisher.freeze();  // as if stopped
  RelayRig next{database_, patient()};
  next.relay.start();
  write("poison", 2);
  ASSERT_TRUE(holds(4));
  first.publisher.accept("poison");
  first.publisher.thaw();
  ASSERT_TRUE(eventually("the first one noticed", [&] { return !first.relay.figures().active; }));
  retry();
  EXPECT_TRUE(all_published(next));
  EXPECT_THAT(first.publisher.log("poison"), IsEmpty());
}

TEST_F(RelayHeldTest, WhatWaitsBehindADiscardedEventGoesOn) {
  RelayRig rig{database_, patient()};
  rig.publisher.refuse_event("poison:1");
  rig.relay.start();
  write("poison");
  ASSERT_TRUE(holds(1));
  write("poison", 3);
  ASSERT_TRUE(holds(4));
  database_.sql("DELETE FROM pawl.relay_held_event WHERE code IS NOT NULL");
  ASSERT_TRUE(holds(0));
  EXPECT_THAT(rig.publisher.log("poison"), ElementsAre("poison:2", "poison:3", "poison:4"));
}

TEST_F(RelayHeldTest, TriesAgainByItselfAndLessOften) {
  RelayRig rig{database_, eager()};
  rig.publisher.refuse("poison");
  rig.relay.start();
  write("poison", 2);
  ASSERT_TRUE(eventually("it was tried again", [&] {
    return database_.number("SELECT count(*) FROM pawl.relay_held_event WHERE attempts >= 4") == 1;
  }));
  EXPECT_EQ(
      database_.number("SELECT count(*) FROM pawl.relay_held_event WHERE code IS NOT NULL AND "
                       "retry_at - clock_timestamp() > interval '60 milliseconds'"),
      0);
  rig.publisher.accept("poison");
  EXPECT_TRUE(all_published(rig));
}

TEST_F(RelayHeldTest, ASecondEventThatIsRefusedKeepsItsPlace) {
  RelayRig rig{database_, eager()};
  rig.publisher.refuse_event("poison:1");
  rig.publisher.refuse_event("poison:3");
  rig.relay.start();
  write("poison");
  ASSERT_TRUE(holds(1));
  write("poison");
  ASSERT_TRUE(holds(2));
  rig.publisher.accept_event("poison:1");
  ASSERT_TRUE(holds(0));
  write("poison");
  ASSERT_TRUE(holds(1));
  write("poison", 2);
  ASSERT_TRUE(holds(3));
  EXPECT_THAT(rig.publisher.log("poison"), ElementsAre("poison:1", "poison:2"));
  rig.publisher.accept_event("poison:3");
  EXPECT_TRUE(all_published(rig));
}

// Its events came through for a while; then one is first that is not due, and nothing waits for it.
TEST_F(RelayHeldTest, WhatComesBehindTheNextRefusedEventIsHandledToo) {
  RelayRig rig{database_, patient()};
  rig.publisher.refuse_event("poison:1");
  rig.publisher.refuse_event("poison:3");
  rig.relay.start();
  write("poison", 4);
  ASSERT_TRUE(holds(4));
  rig.publisher.accept_event("poison:1");
  database_.sql("UPDATE pawl.relay_held_event SET retry_at = clock_timestamp() WHERE index = 0");
  ASSERT_TRUE(holds(2));
  write("poison");
  EXPECT_TRUE(holds(3));
  EXPECT_TRUE(position_is(last_));
}

TEST_F(RelayHeldTest, AnEventWithoutKeyHoldsNothingButItself) {
  RelayRig rig{database_, patient()};
  rig.publisher.refuse_event("bad");
  rig.relay.start();
  const auto insert = [&](const std::string& payload) {
    database_.sql("INSERT INTO pawl.outbox (topic, type, payload) VALUES ('t', 'x', '" + payload +
                  "')");
  };
  insert("bad");
  ASSERT_TRUE(holds(1));
  insert("good");
  insert("bad");
  insert("good");
  ASSERT_TRUE(holds(2));
  EXPECT_TRUE(position_is(4));
  EXPECT_THAT(rig.publisher.log(), ElementsAre("good", "good"));
  rig.publisher.accept_event("bad");
  retry();
  EXPECT_TRUE(holds(0));
  EXPECT_EQ(rig.publisher.count(), 4);
}

TEST_F(RelayHeldTest, ARowThatFailsOnlyBesideOthersIsNotHeld) {
  RelayRig rig{database_, patient()};
  rig.publisher.suspect("innocent");
  rig.relay.start();
  write("innocent", 5);
  write("fine", 5);
  EXPECT_TRUE(eventually("it goes alone", [&] { return !rig.publisher.log("innocent").empty(); }));
  rig.publisher.accept("innocent");
  EXPECT_TRUE(all_published(rig));
  EXPECT_EQ(held(), 0);
}

TEST_F(RelayHeldTest, ABrokerThatIsAwayCostsAHeldEventNoAttempt) {
  RelayRig rig{database_, eager()};
  rig.publisher.refuse("poison");
  rig.relay.start();
  write("poison", 2);
  ASSERT_TRUE(holds(2));
  rig.publisher.go_away();
  rig.publisher.accept("poison");
  const auto failed = rig.relay.figures().failed_deliveries;
  ASSERT_TRUE(
      eventually("tries fail", [&] { return rig.relay.figures().failed_deliveries > failed + 3; }));
  const auto attempts = database_.number("SELECT max(attempts)::bigint FROM pawl.relay_held_event");
  const auto later = rig.relay.figures().failed_deliveries;
  ASSERT_TRUE(
      eventually("tries fail", [&] { return rig.relay.figures().failed_deliveries > later + 3; }));
  EXPECT_EQ(database_.number("SELECT max(attempts)::bigint FROM pawl.relay_held_event"), attempts);
  rig.publisher.come_back();
  EXPECT_TRUE(all_published(rig));
}

TEST_F(RelayHeldTest, ManyThatWaitComeOutWhileOthersGoIn) {
  relay::Settings settings = patient();
  settings.held_read = {.rows_max = 50, .bytes_max = 1 << 20};
  RelayRig rig{database_, settings};
  rig.publisher.refuse("busy");
  rig.relay.start();
  for (int i = 0; i < 20; ++i) write("busy", 100);
  ASSERT_TRUE(holds(2000));
  rig.publisher.accept("busy");
  retry();
  for (int i = 0; i < 300; ++i) write("busy", 2);
  EXPECT_TRUE(all_published(rig));
  EXPECT_EQ(rig.publisher.count(), 2600) << "each once";
  EXPECT_TRUE(eventually("the key is free", [&] { return rig.relay.figures().held_keys == 0; }));
  EXPECT_TRUE(position_is(last_));
}

TEST_F(RelayHeldTest, AtTheBoundItStopsAndGoesOnWhenThereIsRoom) {
  relay::Settings settings = patient();
  settings.held_events_max = 5;
  RelayRig rig{database_, settings};
  rig.publisher.refuse("poison");
  rig.relay.start();
  write("poison", 5);
  ASSERT_TRUE(holds(5));
  write("poison", 5);
  write("fine", 5);
  ASSERT_TRUE(eventually("the other key is published",
                         [&] { return rig.publisher.log("fine").size() == 5; }));
  EXPECT_TRUE(position_is(1));
  EXPECT_EQ(rig.relay.figures().backlog_rows, 10) << "seen by whoever looks at the backlog";
  rig.publisher.accept("poison");
  retry();
  EXPECT_TRUE(all_published(rig));
  EXPECT_TRUE(position_is(last_));
}

TEST_F(RelayHeldTest, AtTheBoundOfKeysOthersStillHoldTheirRows) {
  relay::Settings settings = patient();
  settings.held_keys_max = 1;
  RelayRig rig{database_, settings};
  rig.publisher.refuse("a");
  rig.publisher.refuse("b");
  rig.relay.start();
  write("a", 2);
  ASSERT_TRUE(holds(2));
  write("b", 2);
  write("a", 2);
  ASSERT_TRUE(holds(4));
  EXPECT_EQ(rig.relay.figures().held_keys, 2);
  EXPECT_TRUE(position_is(1)) << "b is not handled";
  rig.publisher.accept("a");
  rig.publisher.accept("b");
  retry();
  ASSERT_TRUE(eventually("a is through", [&] { return rig.publisher.log("a").size() == 4; }));
  // Not holds(2): while a's four go one by one, two of them are held for a moment, too.
  ASSERT_TRUE(holds_of("b", 2)) << "there was room for b";
  retry();
  EXPECT_TRUE(all_published(rig));
}

/// The naive relay: does not look what its predecessor held.
class ForgetsHeldKeys final : public ForwardingSession {
 public:
  explicit ForgetsHeldKeys(const std::string& url)
      : ForwardingSession(std::make_unique<relay::PostgresSession>(url, "main")) {}
  std::optional<relay::Answer> answer() override {
    auto answer = ForwardingSession::answer();
    if (answer) {
      if (auto* held = std::get_if<relay::HeldKeysRead>(&*answer)) held->keys.clear();
    }
    return answer;
  }
};

TEST_F(RelayHeldTest, TheCheckerSeesAFollowerThatOvertakes) {
  RelayRig rig{[&] { return std::make_unique<ForgetsHeldKeys>(database_.url()); }, patient()};
  rig.publisher.refuse_event("poison:1");
  rig.relay.start();
  write("poison");
  ASSERT_TRUE(holds(1));
  EXPECT_TRUE(eventually("a follower was published", [&] {
    write("poison");
    return !rig.publisher.log("poison").empty();
  }));
  EXPECT_THAT(problem_of(rig.publisher.log(), writer_.committed()),
              testing::HasSubstr("was first published before poison:"));
}

}  // namespace
}  // namespace pawl::test
