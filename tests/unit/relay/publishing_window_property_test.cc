// The window against a simulated broker that loses, refuses and delays.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "pawl/relay/publishing_window.h"

namespace pawl::relay {
namespace {

class PublishingSimulation {
 public:
  explicit PublishingSimulation(std::uint32_t seed) : random_(seed) {}

  std::string run(int steps) {
    for (int i = 0; i < steps; ++i) step(false);
    for (int i = 0; i < 2000 && !window_.empty(); ++i) step(true);
    if (!window_.empty()) return "a row never got through";
    return problem_;
  }

 private:
  void step(bool healthy) {
    now_ += std::chrono::milliseconds{pick(50)};
    if (!healthy && window_.size() < 40) {
      for (int i = pick(5); i > 0; --i) add();
    }
    for (int i = healthy ? 100 : pick(6); i > 0; --i) {
      const auto tag = window_.next(now_);
      if (!tag) break;
      window_.queued(*tag);
      queue_.push_back(*tag);
    }
    for (int i = healthy ? 100 : pick(8); i > 0 && !queue_.empty(); --i) answer(healthy);
    window_.settle(now_);
    while (const auto row = window_.release()) check(static_cast<Tag>(row->number.batch));
  }

  void add() {
    const KeyHash key = 1 + static_cast<KeyHash>(pick(4));
    const Tag tag = window_.add({static_cast<std::int64_t>(window_.end()), 0}, key);
    keys_[tag] = key;
  }

  void answer(bool healthy) {
    const Tag tag = queue_.front();
    queue_.pop_front();
    const int luck = healthy ? 0 : pick(10);
    if (luck < 7) {
      log_.push_back(tag);
      window_.acknowledged(tag);
    } else if (luck < 9) {
      window_.failed(tag);
    } else {
      // An unknown acknowledgement: perhaps it is in the log.
      if (pick(2) == 0) log_.push_back(tag);
      window_.broker_away(tag);
    }
  }

  // What a reader of the key sees last must be in order: a released row was published after the row
  // before it on its key.
  void check(Tag tag) {
    Tag& previous = released_of_key_[keys_[tag]];
    const auto before = std::find(log_.begin(), log_.end(), previous);
    const auto from = previous == 0 ? log_.begin() : before;
    if (std::find(from, log_.end(), tag) == log_.end()) {
      problem_ = "row " + std::to_string(tag) + " left without having been published behind row " +
                 std::to_string(previous);
    }
    previous = tag;
  }

  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  std::mt19937 random_;
  SteadyTime now_{};
  PublishingWindow window_{Backoff{std::chrono::milliseconds{10}, std::chrono::milliseconds{80}}};
  std::map<Tag, KeyHash> keys_;
  std::deque<Tag> queue_;
  std::vector<Tag> log_;
  std::map<KeyHash, Tag> released_of_key_;
  std::string problem_;
};

TEST(PublishingWindowPropertyTest, EveryRowGetsThroughBehindTheOneBeforeItOnItsKey) {
  EXPECT_TRUE(rc::check("order per key", [](std::uint32_t seed) {
    RC_ASSERT(PublishingSimulation(seed).run(200) == "");
  }));
}

}  // namespace
}  // namespace pawl::relay
