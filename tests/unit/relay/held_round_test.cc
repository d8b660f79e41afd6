#include "pawl/relay/held_round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pawl::relay {
namespace {

using outbox::RowNumber;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class HeldRoundTest : public testing::Test {
 protected:
  void add(std::int64_t batch, std::string_view key, int attempts = 0) {
    round_.add({batch, 0}, attempts, {.topic = "t", .key = key});
  }
  std::vector<Tag> publish_all() {
    std::vector<Tag> tags;
    while (const auto tag = round_.next()) {
      round_.queued(*tag);
      tags.push_back(*tag);
    }
    return tags;
  }
  void acknowledge(Tag tag) { round_.answered(tag, std::nullopt); }
  void fail(Tag tag, Remedy remedy) { round_.answered(tag, Failure(remedy, "code", "why")); }
  std::vector<std::int64_t> published() {
    std::vector<std::int64_t> batches;
    for (const RowNumber& number : outcome().published) batches.push_back(number.batch);
    return batches;
  }
  outbox::HeldOutcome outcome() { return round_.outcome(backoff_); }
  bool all_through() {
    const auto progress = round_.progress();
    return std::ranges::all_of(progress, [](const auto& key) { return key.through; });
  }

  Backoff backoff_{milliseconds{100}, milliseconds{400}};
  HeldRound round_{10};
};

TEST_F(HeldRoundTest, WhatIsAcknowledgedIsPublished) {
  add(1, "a"), add(2, "b"), add(3, "a");
  EXPECT_THAT(publish_all(), ElementsAre(10, 11, 12));
  EXPECT_EQ(round_.in_flight(), 3U);
  acknowledge(11), acknowledge(10);
  EXPECT_FALSE(round_.is_answered());
  acknowledge(12);
  EXPECT_TRUE(round_.is_answered());
  EXPECT_THAT(published(), ElementsAre(1, 2, 3));
  EXPECT_THAT(outcome().failed, IsEmpty());
  EXPECT_TRUE(all_through());
  round_.end();
  EXPECT_TRUE(round_.idle());
  EXPECT_EQ(round_.end_tag(), 13U) << "tags are not used again";
}

TEST_F(HeldRoundTest, BehindARefusedEventNothingCounts) {
  add(1, "a"), add(2, "a", 1), add(3, "a"), add(4, "b");
  publish_all();
  acknowledge(10), fail(11, Remedy::give_up), acknowledge(12), acknowledge(13);
  EXPECT_THAT(published(), ElementsAre(1, 4));
  const auto failed = outcome().failed;
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].number.batch, 2);
  EXPECT_EQ(failed[0].attempts, 2);
  EXPECT_EQ(failed[0].refusal.code, "code");
  EXPECT_EQ(failed[0].retry_after, milliseconds{200});
  EXPECT_FALSE(all_through());
}

TEST_F(HeldRoundTest, OfAKeyThatFailedNothingMoreIsOffered) {
  add(1, "a"), add(2, "a"), add(3, "b");
  const auto first = round_.next();
  ASSERT_TRUE(first);
  round_.queued(*first);
  fail(*first, Remedy::give_up);
  EXPECT_THAT(publish_all(), ElementsAre(12));
}

TEST_F(HeldRoundTest, TheEarliestFailureOfAKeyCounts) {
  add(1, "a"), add(2, "a");
  publish_all();
  fail(11, Remedy::give_up), fail(10, Remedy::give_up);
  ASSERT_EQ(outcome().failed.size(), 1U);
  EXPECT_EQ(outcome().failed[0].number.batch, 1);
}

TEST_F(HeldRoundTest, OneThatFailedBesideOthersIsDueAtOnceAndThenGoesAlone) {
  add(1, "a");
  publish_all();
  EXPECT_FALSE(round_.is_repeated(10));
  fail(10, Remedy::retry_later);
  EXPECT_EQ(outcome().failed[0].retry_after, milliseconds{0});
  round_.end();
  add(1, "a", 1);
  EXPECT_THAT(publish_all(), ElementsAre(11));
  EXPECT_TRUE(round_.is_repeated(11));
  fail(11, Remedy::retry_later);
  EXPECT_EQ(outcome().failed[0].retry_after, milliseconds{200});
}

TEST_F(HeldRoundTest, ABrokerThatIsAwayEndsItAndIsNobodysFailure) {
  add(1, "a"), add(2, "b"), add(3, "c");
  round_.queued(*round_.next());
  round_.queued(*round_.next());
  fail(10, Remedy::reconnect_and_rerun);
  EXPECT_THAT(publish_all(), IsEmpty());
  acknowledge(11);
  EXPECT_TRUE(round_.is_answered());
  EXPECT_THAT(published(), ElementsAre(2));
  EXPECT_THAT(outcome().failed, IsEmpty());
  EXPECT_FALSE(all_through());
}

TEST_F(HeldRoundTest, AnswersOfAnEarlierRoundAreIgnored) {
  add(1, "a");
  publish_all();
  round_.cut_short();
  round_.end();
  add(2, "b");
  publish_all();
  acknowledge(10);
  EXPECT_FALSE(round_.is_answered());
  acknowledge(11);
  EXPECT_THAT(published(), ElementsAre(2));
}

}  // namespace
}  // namespace pawl::relay
