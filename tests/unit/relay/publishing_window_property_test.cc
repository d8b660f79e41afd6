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
    for (int i = 0; i < 2000 && !(window_.empty() && kept_.empty()); ++i) step(true);
    if (!window_.empty() || !kept_.empty()) return "a row never got through";
    return problem();
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
    keep_some(healthy);
    if (healthy || pick(10) == 0) publish_kept();
    while (window_.release()) {
    }
  }

  // What was refused, and what follows on its key, goes into the table …
  void keep_some(bool healthy) {
    std::vector<Tag> going;
    for (const Tag tag : window_.aside()) {
      if (window_.is_settled(tag)) going.push_back(tag);
    }
    if (!healthy && going.size() > 3) going.resize(3);
    for (const Tag tag : going) {
      window_.kept(tag);
      kept_[keys_[tag]].push_back(tag);
    }
  }
  // … and out of it again, a whole key at a time.
  void publish_kept() {
    if (kept_.empty()) return;
    const auto [key, tags] = *kept_.begin();
    log_.insert(log_.end(), tags.begin(), tags.end());
    kept_.erase(key);
    window_.resume(key);
  }

  void add() {
    const KeyHash key = 1 + static_cast<KeyHash>(pick(4));
    const Tag tag = window_.add({static_cast<std::int64_t>(window_.end()), 0}, key);
    keys_[tag] = key;
  }

  void answer(bool healthy) {
    const Tag tag = queue_.front();
    queue_.pop_front();
    const int luck = healthy ? 0 : pick(11);
    if (luck == 10) {
      window_.refused(tag);
    } else if (luck < 7) {
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

  // Whoever reads a key to its end and forgets repeats sees its rows in order: each was published
  // behind the one before it.
  std::string problem() {
    std::map<KeyHash, std::pair<Tag, std::size_t>>
        last;  // of the key: row, and where behind in the log
    for (const auto& [tag, key] : keys_) {
      auto& [previous, from] = last[key];
      const auto found =
          std::find(log_.begin() + static_cast<std::ptrdiff_t>(from), log_.end(), tag);
      if (found == log_.end()) {
        return "row " + std::to_string(tag) + " left without having been published behind row " +
               std::to_string(previous);
      }
      previous = tag;
      from = static_cast<std::size_t>(found - log_.begin()) + 1;
    }
    return "";
  }

  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  std::mt19937 random_;
  SteadyTime now_{};
  PublishingWindow window_{Backoff{std::chrono::milliseconds{10}, std::chrono::milliseconds{80}}};
  std::map<Tag, KeyHash> keys_;
  std::deque<Tag> queue_;
  std::vector<Tag> log_;
  std::map<KeyHash, std::vector<Tag>> kept_;  // the table of held events
};

TEST(PublishingWindowPropertyTest, EveryRowGetsThroughBehindTheOneBeforeItOnItsKey) {
  EXPECT_TRUE(rc::check("order per key", [](std::uint32_t seed) {
    RC_ASSERT(PublishingSimulation(seed).run(200) == "");
  }));
}

}  // namespace
}  // namespace pawl::relay
