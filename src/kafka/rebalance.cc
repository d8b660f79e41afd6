#include "pawl/kafka/rebalance.h"

namespace pawl::kafka {

std::vector<std::vector<TopicPartition>> Rebalance::assign(std::vector<TopicPartition> lanes) {
  ++number_;
  phase_ = Phase::starting;
  lanes_ = lanes.size();
  released_ = 0;
  offsets_.clear();
  std::vector<std::vector<TopicPartition>> by_owner(owners_);
  for (TopicPartition& lane : lanes) by_owner[owner_of(lane)].push_back(std::move(lane));
  return by_owner;
}

void Rebalance::revoke() {
  phase_ = Phase::releasing;
  released_ = 0;
}

void Rebalance::end() {
  phase_ = Phase::none;
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
