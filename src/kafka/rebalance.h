// Who has answered what in the present assignment: the intake's bookkeeping, without Kafka.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "pawl/engine/ports.h"

namespace pawl::kafka {

/// One assignment of lanes to the owners of this process. Not thread-safe; the intake guards it.
class Rebalance {
 public:
  enum class Phase { none, starting, fetching, releasing };

  explicit Rebalance(std::size_t owners) : owners_(owners) {}

  /// Which owner a lane belongs to. Pure.
  [[nodiscard]] std::size_t owner_of(const TopicPartition& lane) const noexcept {
    return static_cast<std::size_t>(lane.partition) % owners_;
  }

  /// A new assignment; returns each owner's lanes, in owner order.
  std::vector<std::vector<TopicPartition>> assign(std::vector<TopicPartition> lanes);
  /// The assignment is being taken away; every owner must release it.
  void revoke();
  /// All let go, or their time is up.
  void end();

  /// An owner's start(). True when it counts: right number, lanes of this assignment, not yet
  /// revoked.
  bool started(std::uint64_t assignment, std::span<const engine::LaneStart> lanes);
  /// An owner's released().
  void released(std::uint64_t assignment);

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] bool all_started() const noexcept { return lanes_ == offsets_.size(); }
  [[nodiscard]] bool all_released() const noexcept { return released_ >= owners_; }
  /// Where fetching begins, by lane.
  [[nodiscard]] const std::map<TopicPartition, std::int64_t>& offsets() const { return offsets_; }
  void fetching() { phase_ = Phase::fetching; }

 private:
  std::size_t owners_;
  std::uint64_t number_ = 0;
  Phase phase_ = Phase::none;
  std::size_t lanes_ = 0;
  std::size_t released_ = 0;
  std::map<TopicPartition, std::int64_t> offsets_;
};

}  // namespace pawl::kafka
