#include "pawl/consumer/lane_watch.h"

#include <algorithm>

#include "pawl/core/failure.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPeriodMax = 15s;
constexpr std::chrono::milliseconds kPauseMax = 15min;  // between two recreations

}  // namespace

LaneWatch::LaneWatch(const std::string& consumer,
                     std::chrono::milliseconds stuck_after,
                     Parts parts)
    : parts_(std::move(parts)),
      stuck_after_(stuck_after),
      period_(std::min(kPeriodMax, stuck_after / 4)),
      suspects_(stuck_after, 2 * period_),
      pause_(stuck_after, std::max(kPauseMax, stuck_after)),
      stuck_lanes_(parts_.metrics.gauge("pawl_lanes_stuck",
                                        "Owned partitions with lag that do not move",
                                        {{"consumer", consumer}})),
      recreations_(parts_.metrics.counter("pawl_consumer_recreations_total",
                                          "Kafka consumers made anew because a lane was stuck",
                                          {{"consumer", consumer}})) {}

void LaneWatch::look() {
  std::vector<LaneLook> stuck = suspects_.look(lanes(), parts_.clock.now());
  std::erase_if(stuck,
                [&](const LaneLook& lane) { return !parts_.readable(lane.lane, lane.position); });
  std::vector<TopicPartition> names;
  for (const LaneLook& lane : stuck) names.push_back(lane.lane);
  {
    const std::scoped_lock lock(mutex_);
    stuck_ = names;
  }
  stuck_lanes_.set(static_cast<double>(names.size()));
  if (!pause_.due(kafka_is_to_blame(names), parts_.clock.now())) return;
  tell(stuck);
  recreations_.add();
  try {
    parts_.recreate();
  } catch (const Failure& failure) {
    parts_.log.warn("the Kafka consumer could not be made anew; it is tried again",
                    {{"code", failure.code()}, {"what", std::string_view(failure.what())}});
  }
}

// Engines that are away or about to take lanes over excuse theirs.
std::vector<LaneLook> LaneWatch::lanes() const {
  std::vector<LaneLook> looks;
  for (const engine::Status& status : parts_.engines()) {
    for (const engine::LaneStatus& lane : status.lanes) {
      const bool excused =
          status.away || status.taking || lane.stopped || lane.waiting || lane.paused;
      looks.push_back({.lane = lane.lane,
                       .position = lane.next_offset,
                       .end = excused ? -1 : parts_.end_of(lane.lane),
                       .excused = excused});
    }
  }
  return looks;
}

// A lane that has its records and does not get them committed is no better off with a new consumer.
bool LaneWatch::kafka_is_to_blame(const std::vector<TopicPartition>& stuck) const {
  for (const engine::Status& status : parts_.engines()) {
    for (const engine::LaneStatus& lane : status.lanes) {
      if (!lane.holding && std::ranges::find(stuck, lane.lane) != stuck.end()) return true;
    }
  }
  return false;
}

void LaneWatch::tell(const std::vector<LaneLook>& stuck) const {
  for (const LaneLook& lane : stuck) {
    parts_.log.error("a lane has lag and does not move; the Kafka consumer is made anew",
                     {{"topic", lane.lane.topic},
                      {"partition", lane.lane.partition},
                      {"offset", lane.position},
                      {"end", lane.end},
                      {"stuck_after_ms", stuck_after_.count()}});
  }
}

std::vector<TopicPartition> LaneWatch::stuck() const {
  const std::scoped_lock lock(mutex_);
  return stuck_;
}

}  // namespace pawl
