// What is held while sessions are lost and processes die: nothing is lost, nothing swapped.
#include <atomic>
#include <random>

#include "integration/relay/relay_held_fixture.h"
#include "support/forwarding_session.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A session that is lost around a question about held events, as when the process dies there.
enum class LostAt { nowhere, before_hold, after_hold, before_store, before_settle, after_settle };
class LosingSession final : public ForwardingSession {
 public:
  LosingSession(const std::string& url, std::atomic<LostAt>& at)
      : ForwardingSession(std::make_unique<relay::PostgresSession>(url, "main")), at_(at) {}
  void ask_to_hold(std::int64_t epoch,
                   std::span<const outbox::RowToHold> rows,
                   milliseconds retry_after) override {
    lose_at(LostAt::before_hold);
    ForwardingSession::ask_to_hold(epoch, rows, retry_after);
    held_ = true;
    if (at_ == LostAt::after_hold) wait_for_it();
    lose_at(LostAt::after_hold);
  }
  void ask_to_store(std::int64_t epoch, const relay::StoredPosition& position) override {
    if (held_) lose_at(LostAt::before_store);
    ForwardingSession::ask_to_store(epoch, position);
  }
  void ask_to_settle(std::int64_t epoch, const outbox::HeldOutcome& outcome) override {
    lose_at(LostAt::before_settle);
    ForwardingSession::ask_to_settle(epoch, outcome);
    if (at_ == LostAt::after_settle) wait_for_it();
    lose_at(LostAt::after_settle);
  }

 private:
  void wait_for_it() {
    while (true) {
      const auto answer = ForwardingSession::answer();
      if (answer && (std::holds_alternative<relay::RowsHeld>(*answer) ||
                     std::holds_alternative<relay::HeldSettled>(*answer)))
        return;
    }
  }
  void lose_at(LostAt at) {
    if (at_ != at) return;
    at_ = LostAt::nowhere;
    throw Failure(Remedy::reconnect_and_rerun, "lost", "the test loses the session");
  }
  std::atomic<LostAt>& at_;
  bool held_ = false;
};

class RelayHeldLossTest : public RelayHeldTest, public testing::WithParamInterface<LostAt> {};

TEST_P(RelayHeldLossTest, ALostSessionLosesAndSwapsNothing) {
  std::atomic<LostAt> at{LostAt::nowhere};
  RelayRig rig{[&] { return std::make_unique<LosingSession>(database_.url(), at); }, eager()};
  rig.publisher.refuse("poison");
  rig.relay.start();
  at = GetParam();
  for (int i = 0; i < 10; ++i) write("poison", 2);
  ASSERT_TRUE(holds(20));
  rig.publisher.accept("poison");
  write("poison", 2);
  EXPECT_TRUE(all_published(rig));
  EXPECT_TRUE(holds(0));
  EXPECT_TRUE(position_is(last_));
  EXPECT_EQ(at, LostAt::nowhere) << "it was lost";
}

// Another process goes on, without anything that the first one had in memory.
TEST_P(RelayHeldLossTest, AProcessThatDiesThereLosesAndSwapsNothing) {
  std::atomic<LostAt> at{GetParam()};
  std::atomic<bool> died{false};
  RelayRig dying{[&]() -> std::unique_ptr<relay::OutboxSession> {
                   if (at == LostAt::nowhere) {
                     died = true;
                     throw Failure(Remedy::reconnect_and_rerun, "dead", "the process is dead");
                   }
                   return std::make_unique<LosingSession>(database_.url(), at);
                 },
                 eager()};
  dying.publisher.refuse_event("poison:1");
  dying.relay.start();
  write("poison");
  if (GetParam() == LostAt::before_settle || GetParam() == LostAt::after_settle) {
    ASSERT_TRUE(holds(1));
    dying.publisher.accept_event("poison:1");
  }
  ASSERT_TRUE(eventually("it is dead", [&] { return died.load(); }));
  dying.publisher.freeze();
  const std::vector<std::string> before = dying.publisher.log();
  RelayRig next{database_, eager()};
  next.publisher.refuse(
      "poison");  // all of it: when nothing was held, all are on their way at once
  write("poison", 3);
  if (GetParam() == LostAt::after_settle) next.publisher.accept("poison");
  next.relay.start();
  if (GetParam() == LostAt::after_settle) {
    EXPECT_THAT(before, ElementsAre("poison:1"));
    EXPECT_TRUE(eventually("the rest follows", [&] { return next.publisher.log().size() >= 3; }));
    EXPECT_THAT(next.publisher.log(), ElementsAre("poison:2", "poison:3", "poison:4"));
    return;
  }
  ASSERT_TRUE(holds(4));
  EXPECT_THAT(next.publisher.log(), IsEmpty()) << "the follower of a held key";
  next.publisher.accept("poison");
  EXPECT_TRUE(all_published(next));
  EXPECT_TRUE(position_is(last_));
}

INSTANTIATE_TEST_SUITE_P(Each,
                         RelayHeldLossTest,
                         testing::Values(LostAt::before_hold,
                                         LostAt::after_hold,
                                         LostAt::before_store,
                                         LostAt::before_settle,
                                         LostAt::after_settle));

TEST_F(RelayHeldTest, NothingIsLostOrSwappedWhateverHappens) {
  relay::Settings settings = eager();
  settings.takeover_after = milliseconds{5000};
  settings.held_read = {.rows_max = 7, .bytes_max = 1 << 20};
  RelayRig rig{database_, settings};
  rig.relay.start();
  std::mt19937 random{20261122};
  const std::vector<std::string> keys{"a", "b", "c", "d", "e"};
  for (int i = 0; i < 1500; ++i) {
    const std::string& key = keys[random() % keys.size()];
    switch (random() % 20) {
      case 0:
        rig.publisher.refuse(key);
        break;
      case 1:
      case 2:
        rig.publisher.accept(key);
        break;
      case 3:
        if (random() % 4 == 0) database_.terminate("pawl relay");
        break;
      case 4:
        if (random() % 2 == 0) rig.publisher.go_away();
        break;
      case 5:
      case 6:
        rig.publisher.come_back();
        break;
      case 7:
        if (random() % 4 == 0) {
          rig.relay.stop();
          rig.relay.start();
        }
        break;
      default:
        write(key, 1 + static_cast<int>(random() % 3));
    }
  }
  rig.publisher.come_back();
  for (const std::string& key : keys) rig.publisher.accept(key);
  EXPECT_TRUE(all_published(rig));
  EXPECT_TRUE(holds(0));
  EXPECT_TRUE(position_is(last_));
}

}  // namespace
}  // namespace pawl::test
