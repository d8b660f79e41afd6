// The order of questions and answers around held keys, which a real database seldom brings about.
#include "pawl/relay/holding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pawl::relay {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// Remembers what was asked for.
class AskedSession final : public OutboxSession {
 public:
  std::optional<Turn> take_turn(const std::string&, milliseconds) override { return std::nullopt; }
  void end_turn(std::int64_t, const StoredPosition&, const outbox::HeldOutcome&) override {}
  void ask_rows(const ReadRequest&) override {}
  void ask_transaction_id() override {}
  void ask_to_store(std::int64_t, const StoredPosition&) override {}
  void ask_row_count(outbox::RowNumber, std::int64_t) override {}
  void ask_to_hold(std::int64_t, std::span<const outbox::RowToHold> rows, milliseconds) override {
    for (const outbox::RowToHold& row : rows) held.push_back(row.number.batch);
  }
  void ask_held(const outbox::FetchBounds&) override { ++looks; }
  void ask_to_settle(std::int64_t, const outbox::HeldOutcome&) override {}
  std::optional<Answer> answer() override { return std::nullopt; }
  [[nodiscard]] int socket() const override { return -1; }

  std::vector<std::int64_t> held;  // batches asked to be held
  int looks = 0;
};

class NoPublisher final : public Publisher {
 public:
  bool publish(const OutboxRow&, std::uint64_t) override { return true; }
  bool publish_alone(const OutboxRow&, std::uint64_t) override { return true; }
  void deliveries(std::vector<Delivery>&, milliseconds) override {}
  void drop_queued() override {}
  void on_delivery(std::function<void()>) override {}
};

class HoldingTest : public testing::Test {
 protected:
  HoldingTest() {
    ask();
    look_finds({});
  }
  Tag add(const std::string& key) {
    OutboxRows rows;
    rows.add({.topic = "t", .key = key});
    const Tag tag = window_.end();
    window_.add({static_cast<std::int64_t>(tag), 0}, key_of(rows[0], tag));
    rows_.add(tag, std::move(rows));
    return tag;
  }
  /// Published, and refused.
  Tag refuse(const std::string& key) {
    const Tag tag = add(key);
    EXPECT_EQ(window_.next(now_), tag);
    window_.queued(tag);
    window_.refused(tag);
    holding_.refused(tag, Failure(Remedy::give_up, "code", "why"));
    window_.settle(now_);
    return tag;
  }
  void ask() {
    now_ += std::chrono::seconds{2};
    session_.held.clear();
    holding_.ask(session_, now_, false);
  }
  void look_finds(const std::vector<std::string>& keys) {
    HeldKeysRead read;
    for (const std::string& key : keys) read.keys.push_back({"t", key, 1});
    holding_.take(read);
    holding_.take(outbox::HeldRows{postgres::Result{nullptr}}, now_);
  }
  void rows_are_held(std::int64_t rows) { holding_.take(RowsHeld{true, rows}); }
  /// One more of that key: whether it, or one before it, goes to the publisher.
  bool is_published(const std::string& key) {
    add(key);
    const auto next = window_.next(now_);
    if (next) window_.queued(*next);
    return next.has_value();
  }

  SystemClock clock_;
  observe::Metrics metrics_{clock_};
  observe::RelayMetrics relay_metrics_{metrics_, "test"};
  observe::Log log_{clock_, {.writer = [](std::string_view) {}}};
  Settings settings_;
  NoPublisher publisher_;
  PublishingWindow window_{Backoff{}};
  WindowRows rows_;
  Holding holding_{{settings_, publisher_, relay_metrics_, log_, window_, rows_}, 1, 1};
  AskedSession session_;
  SteadyTime now_{std::chrono::hours{1}};
};

TEST_F(HoldingTest, NothingIsAskedWhileNothingIsHeld) {
  ask();
  ask();
  EXPECT_EQ(session_.looks, 1) << "only when the turn began";
  EXPECT_EQ(holding_.due(), std::nullopt);
}

TEST_F(HoldingTest, WhatFollowsGoesBehindAndAFreeKeyGoesOn) {
  refuse("a");
  ask();
  EXPECT_THAT(session_.held, ElementsAre(1));
  rows_are_held(1);
  EXPECT_FALSE(is_published("a"));
  EXPECT_TRUE(is_published("b"));
  look_finds({"a"});
  ask();
  EXPECT_THAT(session_.held, ElementsAre(2));
  rows_are_held(1);
  look_finds({});
  ask();
  look_finds({});
  EXPECT_TRUE(is_published("a"));
}

TEST_F(HoldingTest, ALookThatBeganBeforeARowWentThereReleasesNothing) {
  refuse("a");
  ask();
  rows_are_held(1);
  look_finds({"a"});
  ask();  // a look is under way
  refuse("b");
  ask();
  EXPECT_THAT(session_.held, ElementsAre(2));
  look_finds({"a"});
  EXPECT_FALSE(is_published("b")) << "it was not in the table when the look began";
  rows_are_held(1);
  ask();
  look_finds({"a", "b"});
  EXPECT_FALSE(is_published("b"));
}

TEST_F(HoldingTest, ALostSessionAsksForTheSameAgain) {
  refuse("a");
  ask();
  holding_.forget_questions();
  EXPECT_FALSE(is_published("a"));
  ask();
  EXPECT_THAT(session_.held, ElementsAre(1, 2));
  EXPECT_EQ(session_.looks, 3);
}

TEST_F(HoldingTest, ARowWithoutKeyHoldsNothing) {
  OutboxRows rows;
  rows.add({.topic = "t"});
  window_.add({1, 0}, key_of(rows[0], 1));
  rows_.add(1, std::move(rows));
  window_.queued(*window_.next(now_));
  window_.refused(1);
  holding_.refused(1, Failure(Remedy::give_up, "code", "why"));
  window_.settle(now_);
  ask();
  EXPECT_THAT(session_.held, ElementsAre(1));
  rows_are_held(1);
  EXPECT_EQ(window_.held_keys(), 0U);
  EXPECT_THAT(window_.aside(), IsEmpty());
}

TEST_F(HoldingTest, ATurnThatIsOverHoldsNothing) {
  refuse("a");
  ask();
  EXPECT_THROW(holding_.take(RowsHeld{false, 0}), TurnLost);
  EXPECT_THROW(holding_.take(HeldSettled{false}, now_), TurnLost);
}

}  // namespace
}  // namespace pawl::relay
