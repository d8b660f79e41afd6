// What Kafka's poll thread leaves for the engine's thread: assignments and revocations, in order.
// Kafka's group protocol goes one step at a time, each answered before the next, so there are never
// more than a few.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "pawl/engine/ports.h"

namespace pawl::engine {

struct Assigned {
  std::uint64_t assignment;
  std::vector<TopicPartition> lanes;
};
struct Revoked {
  std::uint64_t assignment;
  bool lost;
};
using GroupEvent = std::variant<Assigned, Revoked>;

/// Thread-safe. `wake` is called after each letter, from the sender's thread.
class Mailbox final : public LaneOwner {
 public:
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void assigned(std::uint64_t assignment, std::vector<TopicPartition> lanes) override {
    post(Assigned{assignment, std::move(lanes)});
  }
  void revoked(std::uint64_t assignment, bool lost) override { post(Revoked{assignment, lost}); }
  void wake() override { wake_(); }

  std::optional<GroupEvent> take() {
    const std::scoped_lock lock(mutex_);
    std::optional<GroupEvent> event;
    if (events_.empty()) return event;
    event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

 private:
  void post(GroupEvent event) {
    {
      const std::scoped_lock lock(mutex_);
      events_.push_back(std::move(event));
    }
    wake_();
  }

  std::function<void()> wake_;
  std::mutex mutex_;
  std::deque<GroupEvent> events_;
};

}  // namespace pawl::engine
