// Which lanes the group has given us, and who has answered what: the intake's bookkeeping, without
// Kafka.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "pawl/engine/ports.h"

namespace pawl::kafka {

/// The lanes of this process and their assignment to its owners. Whatever changes in the set of
/// lanes, the owners let go of all and take all again, under a new number. Not thread-safe; the
/// intake guards it.
class Rebalance {
 public:
  enum class Phase { none, starting, fetching, releasing };

  /// Assignments are numbered from `last_number` + 1.
  Rebalance(std::size_t owners, std::uint64_t last_number)
      : owners_(owners), number_(last_number) {}

  /// Which owner a lane belongs to. Pure.
  [[nodiscard]] std::size_t owner_of(const TopicPartition& lane) const noexcept {
    return static_cast<std::size_t>(lane.partition) % owners_;
  }

  /// The group gave us these lanes. They count at once; the owners hear of them at begin().
  void add(std::span<const TopicPartition> lanes);
  /// The group takes these lanes away. They are ours until end().
  void remove(std::span<const TopicPartition> lanes);
  /// The group gave us these lanes and no others. True when that is anything new.
  bool replace(std::span<const TopicPartition> lanes);

  /// A new assignment of all lanes; returns each owner's, in owner order.
  std::vector<std::vector<TopicPartition>> begin();
  /// The assignment ends: every owner must release it.
  void revoke();
  /// All let go, or their time is up. Lanes that were removed are gone.
  void end();

  /// An owner's start(). True when it counts: right number, not yet revoked.
  bool started(std::uint64_t assignment, std::span<const engine::LaneStart> lanes);
  /// An owner's released().
  void released(std::uint64_t assignment);

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] const std::set<TopicPartition>& lanes() const noexcept { return lanes_; }
  [[nodiscard]] bool all_started() const noexcept { return begun_ == offsets_.size(); }
  [[nodiscard]] bool all_released() const noexcept { return released_ >= owners_; }
  /// Where fetching begins, by lane.
  [[nodiscard]] const std::map<TopicPartition, std::int64_t>& offsets() const { return offsets_; }
  void fetching() { phase_ = Phase::fetching; }

 private:
  std::size_t owners_;
  std::uint64_t number_;
  Phase phase_ = Phase::none;
  std::set<TopicPartition> lanes_;
  std::set<TopicPartition> leaving_;  // of lanes_
  std::size_t begun_ = 0;             // lanes of this assignment
  std::size_t released_ = 0;
  std::map<TopicPartition, std::int64_t> offsets_;
};

}  // namespace pawl::kafka
