#include "pawl/consumer/stuck_lanes.h"

#include <algorithm>
#include <utility>

namespace pawl {

std::vector<LaneLook> StuckLanes::look(std::span<const LaneLook> lanes, SteadyTime now) {
  const SteadyTime::duration step = std::min<SteadyTime::duration>(now - last_, step_max_);
  last_ = now;
  const std::map<TopicPartition, Behind> before = std::exchange(behind_, {});
  std::vector<LaneLook> suspects;
  for (const LaneLook& lane : lanes) {
    if (lane.excused || lane.end <= lane.position) continue;
    const auto known = before.find(lane.lane);
    const bool unmoved = known != before.end() && known->second.position == lane.position;
    const Behind& behind =
        behind_[lane.lane] = {lane.position, unmoved ? known->second.spent + step : step * 0};
    if (behind.spent >= after_) suspects.push_back(lane);
  }
  return suspects;
}

bool RecreationPause::due(bool stuck, SteadyTime now) {
  if (now < next_) return false;
  if (!stuck) {
    pause_ = min_;
    return false;
  }
  next_ = now + pause_;
  pause_ = std::min(max_, pause_ * 2);
  return true;
}

}  // namespace pawl
