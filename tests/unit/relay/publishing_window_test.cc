#include "pawl/relay/publishing_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace pawl::relay {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class PublishingWindowTest : public testing::Test {
 protected:
  static constexpr KeyHash kA = 1, kB = 2;

  Tag add(KeyHash key) { return window_.add({static_cast<std::int64_t>(window_.end()), 0}, key); }

  std::vector<Tag> publish_all() {
    std::vector<Tag> tags;
    while (const auto tag = window_.next(now_)) {
      window_.queued(*tag);
      tags.push_back(*tag);
    }
    return tags;
  }
  void acknowledge(std::vector<Tag> tags) {
    for (const Tag tag : tags) window_.acknowledged(tag);
    window_.settle(now_);
  }
  void fail(Tag tag) {
    window_.failed(tag);
    window_.settle(now_);
  }
  void refuse(Tag tag) {
    window_.refused(tag);
    window_.settle(now_);
  }
  /// Those that may be kept elsewhere now, and then are.
  std::vector<Tag> keep_aside() {
    std::vector<Tag> tags;
    for (const Tag tag : window_.aside()) {
      if (window_.is_settled(tag)) tags.push_back(tag);
    }
    for (const Tag tag : tags) window_.kept(tag);
    return tags;
  }
  void broker_away(std::vector<Tag> tags) {
    for (const Tag tag : tags) window_.broker_away(tag);
    window_.settle(now_);
  }
  int release_all() {
    int count = 0;
    while (window_.release()) ++count;
    return count;
  }
  void pass(milliseconds time) { now_ += time; }

  PublishingWindow window_{Backoff{milliseconds{100}, milliseconds{400}}};
  SteadyTime now_{};
};

TEST_F(PublishingWindowTest, PublishesInOrderAndReleasesFromTheFront) {
  add(kA), add(kB), add(kA);
  EXPECT_THAT(publish_all(), ElementsAre(1, 2, 3));
  acknowledge({2});
  EXPECT_EQ(release_all(), 0);
  acknowledge({1});
  EXPECT_EQ(release_all(), 2);
  acknowledge({3});
  EXPECT_EQ(release_all(), 1);
  EXPECT_TRUE(window_.empty());
}

TEST_F(PublishingWindowTest, AFullPublisherIsOfferedTheSameRowAgain) {
  add(kA);
  EXPECT_EQ(window_.next(now_), 1);
  EXPECT_EQ(window_.next(now_), 1);
}

TEST_F(PublishingWindowTest, AFailedRowHoldsItsKeyAndNoOther) {
  add(kA), add(kA), add(kB);
  publish_all();
  fail(1);
  acknowledge({2, 3});
  add(kA), add(kB);
  EXPECT_THAT(publish_all(), ElementsAre(5)) << "B goes on";
  pass(milliseconds{100});
  EXPECT_THAT(publish_all(), ElementsAre(1)) << "only the failed row is tried";
  acknowledge({1});
  EXPECT_THAT(publish_all(), ElementsAre(2, 4))
      << "then what follows on its key, also what was acknowledged before it";
  acknowledge({2, 4, 5});
  EXPECT_EQ(release_all(), 5);
}

TEST_F(PublishingWindowTest, WaitsForAnswersOfTheKeyBeforeItTriesAgain) {
  add(kA), add(kA);
  publish_all();
  fail(1);
  pass(milliseconds{500});
  EXPECT_THAT(publish_all(), IsEmpty()) << "row 2 is still out";
  acknowledge({2});
  EXPECT_THAT(publish_all(), ElementsAre(1));
}

TEST_F(PublishingWindowTest, ARowThatKeepsFailingIsTriedMoreAndMoreSeldom) {
  add(kA);
  publish_all();
  fail(1);
  for (const milliseconds wait :
       {milliseconds{100}, milliseconds{200}, milliseconds{400}, milliseconds{400}}) {
    pass(wait - milliseconds{1});
    EXPECT_THAT(publish_all(), IsEmpty());
    pass(milliseconds{1});
    EXPECT_THAT(publish_all(), ElementsAre(1));
    fail(1);
  }
}

TEST_F(PublishingWindowTest, AnEarlierRowThatFailsLaterBecomesTheFirst) {
  add(kA), add(kA);
  publish_all();
  fail(2);
  fail(1);
  pass(milliseconds{500});
  EXPECT_THAT(publish_all(), ElementsAre(1));
  acknowledge({1});
  EXPECT_THAT(publish_all(), ElementsAre(2));
}

TEST_F(PublishingWindowTest, ABrokerAwayStopsAllUntilNothingIsOut) {
  add(kA), add(kB), add(kA);
  publish_all();
  broker_away({1});
  add(kB);
  pass(milliseconds{500});
  EXPECT_THAT(publish_all(), IsEmpty());
  EXPECT_TRUE(window_.paused());
  broker_away({2, 3});
  pass(milliseconds{100});
  EXPECT_THAT(publish_all(), ElementsAre(1, 2, 3, 4));
  EXPECT_FALSE(window_.paused());
}

TEST_F(PublishingWindowTest, AnAcknowledgedRowBehindALostOneOfItsKeyIsRepeated) {
  add(kA), add(kA), add(kB);
  publish_all();
  acknowledge({2, 3});
  broker_away({1});
  pass(milliseconds{100});
  EXPECT_THAT(publish_all(), ElementsAre(1, 2));
}

TEST_F(PublishingWindowTest, ARefusedRowAndWhatFollowsOnItsKeyAreKeptElsewhere) {
  add(kA), add(kB), add(kA);
  publish_all();
  refuse(1);
  acknowledge({2});
  EXPECT_THAT(keep_aside(), IsEmpty()) << "row 3 is still out";
  acknowledge({3});
  add(kA), add(kB);
  pass(milliseconds{10'000});
  EXPECT_THAT(publish_all(), ElementsAre(5)) << "A is not tried again";
  EXPECT_THAT(keep_aside(), ElementsAre(1, 3, 4)) << "also what was acknowledged before it";
  acknowledge({5});
  std::vector<bool> published;
  while (const auto row = window_.release()) published.push_back(row->published);
  EXPECT_THAT(published, ElementsAre(false, true, false, false, true));
}

TEST_F(PublishingWindowTest, ARowThatFailsMayStillBeRefused) {
  add(kA);
  publish_all();
  fail(1);
  EXPECT_THAT(keep_aside(), IsEmpty());
  pass(milliseconds{100});
  ASSERT_EQ(window_.next(now_), 1);
  EXPECT_TRUE(window_.is_repeated(1));
  publish_all();
  refuse(1);
  pass(milliseconds{10'000});
  EXPECT_THAT(publish_all(), IsEmpty());
  EXPECT_THAT(keep_aside(), ElementsAre(1));
}

TEST_F(PublishingWindowTest, AKeyThatWasSetAsideGoesOnWithWhatIsStillHere) {
  window_.set_aside(kA);
  add(kA), add(kB), add(kA);
  EXPECT_THAT(publish_all(), ElementsAre(2));
  EXPECT_EQ(window_.held_keys(), 1U);
  window_.kept(1);
  window_.resume(kA);
  EXPECT_THAT(publish_all(), ElementsAre(3));
  EXPECT_EQ(window_.held_keys(), 0U);
  EXPECT_THAT(keep_aside(), IsEmpty());
  acknowledge({2, 3});
  EXPECT_EQ(release_all(), 3);
}

TEST_F(PublishingWindowTest, ABrokerAwayChangesNothingForAKeySetAside) {
  add(kA), add(kA), add(kB);
  publish_all();
  refuse(2);
  broker_away({1, 3});
  pass(milliseconds{100});
  EXPECT_THAT(publish_all(), ElementsAre(3));
  EXPECT_THAT(keep_aside(), ElementsAre(1, 2)) << "with the row before it that nobody refused";
}

TEST_F(PublishingWindowTest, AnswersToUnknownTagsAreIgnored) {
  PublishingWindow later{Backoff{}, 100};
  EXPECT_EQ(later.add({1, 0}, kA), 100);
  later.acknowledged(99);
  later.failed(101);
  later.settle(now_);
  EXPECT_EQ(later.release(), std::nullopt);
}

}  // namespace
}  // namespace pawl::relay
