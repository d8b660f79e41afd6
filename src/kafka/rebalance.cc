#include "pawl/kafka/rebalance.h"

#include <algorithm>
#include <iterator>

namespace pawl::kafka {

void Rebalance::add(std::span<const TopicPartition> lanes) {
  for (const TopicPartition& lane : lanes) {
    lanes_.insert(lane);
    leaving_.erase(lane);
  }
}

void Rebalance::remove(std::span<const TopicPartition> lanes) {
  for (const TopicPartition& lane : lanes) {
    if (lanes_.contains(lane)) leaving_.insert(lane);
  }
}

bool Rebalance::replace(std::span<const TopicPartition> lanes) {
  const std::set<TopicPartition> wanted(lanes.begin(), lanes.end());
  const bool changes = wanted != lanes_ || !leaving_.empty();
  lanes_.insert(wanted.begin(), wanted.end());
  leaving_.clear();
  std::ranges::set_difference(lanes_, wanted, std::inserter(leaving_, leaving_.end()));
  return changes;
}

std::vector<std::vector<TopicPartition>> Rebalance::begin() {
  ++number_;
  phase_ = Phase::starting;
  begun_ = lanes_.size();
  released_ = 0;
  offsets_.clear();
  std::vector<std::vector<TopicPartition>> by_owner(owners_);
  for (const TopicPartition& lane : lanes_) by_owner[owner_of(lane)].push_back(lane);
  return by_owner;
}

void Rebalance::revoke() {
  phase_ = Phase::releasing;
  released_ = 0;
}

void Rebalance::end() {
  phase_ = Phase::none;
  for (const TopicPartition& lane : leaving_) lanes_.erase(lane);
  leaving_.clear();
}

bool Rebalance::started(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) {
  if (assignment != number_) return false;
  if (phase_ != Phase::starting && phase_ != Phase::fetching) return false;
  for (const engine::LaneStart& start : lanes) offsets_[start.lane] = start.next_offset;
  return true;
}

void Rebalance::released(std::uint64_t assignment) {
  if (assignment == number_ && phase_ == Phase::releasing) ++released_;
}

}  // namespace pawl::kafka
