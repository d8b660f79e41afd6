// One active relay among several; what happens when one dies, stops or freezes.
#include <atomic>

#include "integration/relay/relay_fixture.h"
#include "support/forwarding_session.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A session to a database that can be cut off: nothing reaches it any more, as when the process
/// has died.
struct Cut {
  std::atomic<bool> off{false};
};

class CuttableSession final : public ForwardingSession {
 public:
  CuttableSession(const std::string& url, Cut& cut)
      : ForwardingSession(std::make_unique<relay::PostgresSession>(url, "main")), cut_(cut) {}
  std::optional<relay::Turn> take_turn(const std::string& owner, milliseconds silence) override {
    check();
    return ForwardingSession::take_turn(owner, silence);
  }
  void end_turn(std::int64_t epoch,
                const relay::StoredPosition& position,
                const outbox::HeldOutcome& outcome) override {
    check();
    ForwardingSession::end_turn(epoch, position, outcome);
  }
  void ask_to_store(std::int64_t epoch, const relay::StoredPosition& position) override {
    check();
    ForwardingSession::ask_to_store(epoch, position);
  }

 private:
  void check() const {
    if (cut_.off)
      throw Failure(Remedy::reconnect_and_rerun, "cut", "the test has cut the relay off");
  }
  Cut& cut_;
};

class RelayTurnsTest : public RelayTest {
 protected:
  relay::Settings patient() {
    relay::Settings settings = RelayRig::impatient();
    settings.takeover_after = std::chrono::hours{1};
    return settings;
  }
};

TEST_F(RelayTurnsTest, KilledAfterPublishingAndBeforeStoringRepeatsTheSameIdsInOrder) {
  Cut cut;
  OutboxWriter writer{database_};
  std::vector<OutboxRow> before;
  {
    relay::Settings settings = patient();
    settings.renew_every = std::chrono::hours{1};
    RelayRig dying{[&] { return std::make_unique<CuttableSession>(database_.url(), cut); },
                   settings};
    dying.relay.start();
    ASSERT_TRUE(eventually("it is active", [&] { return dying.relay.figures().active; }));
    cut.off = true;
    writer.write("a", 10);
    ASSERT_TRUE(all_published(dying.publisher, {&writer}));
    before = dying.publisher.rows();
  }
  RelayRig next{database_};
  next.relay.start();
  ASSERT_TRUE(all_published(next.publisher, {&writer}));
  const auto after = next.publisher.rows();
  ASSERT_EQ(before.size(), 10);
  ASSERT_EQ(after.size(), 10);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(before[i].id, after[i].id);
}

TEST_F(RelayTurnsTest, AStandbyTakesOverWhenTheActiveOneIsSilent) {
  Cut cut;
  RelayRig active{[&] { return std::make_unique<CuttableSession>(database_.url(), cut); }};
  RelayRig standby{database_};
  OutboxWriter writer{database_};
  active.relay.start();
  ASSERT_TRUE(eventually("the first is active", [&] { return active.relay.figures().active; }));
  standby.relay.start();
  writer.write("a", 5);
  ASSERT_TRUE(all_published(active.publisher, {&writer}));
  EXPECT_THAT(standby.publisher.log(), IsEmpty());
  cut.off = true;
  ASSERT_TRUE(eventually("the second is active", [&] { return standby.relay.figures().active; }));
  writer.write("b", 5);
  EXPECT_TRUE(
      eventually("the second publishes", [&] { return standby.publisher.log("b").size() == 5; }));
}

TEST_F(RelayTurnsTest, AFrozenRelayPublishesNothingAfterItLostItsTurn) {
  RelayRig frozen{database_};
  OutboxWriter writer{database_};
  frozen.relay.start();
  writer.write("a", 5);
  ASSERT_TRUE(all_published(frozen.publisher, {&writer}));
  frozen.publisher.freeze();
  writer.write("a", 5);
  RelayRig next{database_};
  next.relay.start();
  ASSERT_TRUE(
      eventually("the next one publishes", [&] { return next.publisher.log("a").size() >= 5; }));
  const std::size_t offers = frozen.publisher.offers();
  frozen.publisher.thaw();
  ASSERT_TRUE(eventually("the frozen one noticed", [&] { return !frozen.relay.figures().active; }));
  writer.write("a", 5);
  ASSERT_TRUE(
      eventually("the next one goes on", [&] { return next.publisher.log("a").back() == "a:15"; }));
  // The call in which it was frozen may still hand over one row: a repeat.
  EXPECT_LE(frozen.publisher.offers(), offers + 1);
}

// As a process that was stopped in the middle of sending its store: its backend waits for the rest
// and keeps the row.
TEST_F(RelayTurnsTest, ALockedPositionDoesNotKeepTheTurn) {
  RelayRig first{database_, patient()};
  first.relay.start();
  OutboxWriter writer{database_};
  writer.write("a", 3);
  ASSERT_TRUE(all_published(first.publisher, {&writer}));
  first.publisher.freeze();
  const auto locking = database_.connect("pawl relay");
  locking->execute({"", "BEGIN"});
  locking->execute({"", "UPDATE pawl.relay_position SET batch = batch"});
  RelayRig next{database_};
  next.relay.start();
  const SteadyTime begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(eventually("the next one is active", [&] { return next.relay.figures().active; }));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{5});
}

// In the middle of a burst: only the call that it was stopped in is still done.
TEST_F(RelayTurnsTest, ARelayFrozenInABurstPublishesNoMoreOfIt) {
  RelayRig frozen{database_};
  OutboxWriter writer{database_};
  frozen.relay.start();
  writer.write("a", 1);
  ASSERT_TRUE(all_published(frozen.publisher, {&writer}));
  frozen.publisher.freeze_at_publish(10);
  writer.write("a", 300);
  ASSERT_TRUE(eventually("it is frozen", [&] { return frozen.publisher.frozen(); }));
  RelayRig next{database_};
  next.relay.start();
  ASSERT_TRUE(eventually("the next one is done", [&] {
    const auto log = next.publisher.log("a");
    return !log.empty() && log.back() == "a:301";
  }));
  const std::size_t offers = frozen.publisher.offers();
  frozen.publisher.thaw();
  ASSERT_TRUE(eventually("the frozen one noticed", [&] { return !frozen.relay.figures().active; }));
  EXPECT_LE(frozen.publisher.offers(), offers + 1);
}

TEST_F(RelayTurnsTest, AStoppedRelayLetsTheNextBeginAtOnce) {
  OutboxWriter writer{database_};
  RelayRig first{database_, patient()}, second{database_, patient()};
  first.relay.start();
  writer.write("a", 3);
  ASSERT_TRUE(all_published(first.publisher, {&writer}));
  first.relay.stop();
  second.relay.start();
  writer.write("a", 2);
  ASSERT_TRUE(eventually("the second publishes", [&] { return second.publisher.count() == 2; }));
  EXPECT_THAT(second.publisher.log(), ElementsAre("a:4", "a:5")) << "nothing is repeated";
}

TEST_F(RelayTurnsTest, StartsAndStopsTwice) {
  RelayRig rig{database_, patient()};
  rig.relay.stop();
  rig.relay.start();
  rig.relay.start();
  OutboxWriter writer{database_};
  writer.write("a");
  ASSERT_TRUE(all_published(rig.publisher, {&writer}));
  rig.relay.stop();
  rig.relay.stop();
  rig.relay.start();
  writer.write("a");
  ASSERT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_EQ(rig.publisher.count(), 2);
}

TEST_F(RelayTurnsTest, StopsInTimeWithoutADatabase) {
  RelayRig rig{relay::connect_to("host=/nonexistent connect_timeout=1", "main")};
  rig.relay.start();
  rig.relay.stop();
  EXPECT_FALSE(rig.relay.figures().active);
}

}  // namespace
}  // namespace pawl::test
