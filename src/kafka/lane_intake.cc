#include "pawl/kafka/lane_intake.h"

#include "pawl/kafka/admin.h"
#include "pawl/kafka/consumer_group.h"
#include "pawl/kafka/partition_count.h"

namespace pawl::kafka {
namespace {

std::size_t partitions_of(const LaneIntakeSettings& settings) {
  std::size_t partitions = 0;
  for (const auto& [topic, count] :
       require_topics(settings.kafka, settings.topics, settings.answer_max)) {
    partitions += static_cast<std::size_t>(count);
  }
  return partitions;
}

}  // namespace

LaneIntake::LaneIntake(LaneIntakeSettings settings) : settings_(std::move(settings)) {}

LaneIntake::~LaneIntake() {
  stop();
}

void LaneIntake::start(std::span<engine::LaneOwner* const> owners) {
  if (group_ || stopped_) return;
  group_ = std::make_unique<ConsumerGroup>(settings_, owners, partitions_of(settings_));
  running_ = group_.get();
}

void LaneIntake::stop() {
  stopped_ = true;
  if (group_) group_->close();
}

ConsumerGroup& LaneIntake::running() const {
  ConsumerGroup* group = running_;
  if (group == nullptr) {
    throw Failure(Remedy::rerun_now, "_STATE", "the Kafka intake does not run yet");
  }
  return *group;
}

void LaneIntake::start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) {
  running().started(assignment, lanes);
}

std::unique_ptr<engine::LaneSource> LaneIntake::source(const TopicPartition& lane) {
  return running().source(lane);
}

void LaneIntake::released(std::uint64_t assignment) {
  running().released(assignment);
}

std::int32_t LaneIntake::partitions(const std::string& topic) {
  const auto count =
      partition_count(running().client(), topic, static_cast<int>(settings_.answer_max.count()));
  if (!count) {
    throw make_failure(Remedy::give_up,
                       RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                       "topic=" + topic + " does not exist; run `pawl topics create`");
  }
  return *count;
}

std::int64_t LaneIntake::resolve(const TopicPartition& lane, engine::StartFrom from) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto error =
      rd_kafka_query_watermark_offsets(running().client(),
                                       lane.topic.c_str(),
                                       lane.partition,
                                       &low,
                                       &high,
                                       static_cast<int>(settings_.answer_max.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(Remedy::reconnect_and_rerun,
                       error,
                       "cannot ask for the offsets of topic=" + lane.topic +
                           " partition=" + std::to_string(lane.partition));
  }
  switch (from) {
    case engine::StartFrom::earliest:
      return low;
    case engine::StartFrom::latest:
      return high;
  }
  return low;
}

void LaneIntake::report(std::span<const engine::LaneStart> next) {
  running().report(next);
}

bool LaneIntake::reachable() const noexcept {
  const ConsumerGroup* group = running_;
  return group != nullptr && group->reachable();
}

SteadyTime LaneIntake::heartbeat() const noexcept {
  const ConsumerGroup* group = running_;
  return group == nullptr ? SteadyTime{} : group->heartbeat();
}

std::int64_t LaneIntake::end_offset(const TopicPartition& lane) const {
  const ConsumerGroup* group = running_;
  std::int64_t low = 0;
  std::int64_t high = -1;
  if (group == nullptr || rd_kafka_get_watermark_offsets(
                              group->client(), lane.topic.c_str(), lane.partition, &low, &high) !=
                              RD_KAFKA_RESP_ERR_NO_ERROR) {
    return -1;
  }
  return high < 0 ? -1 : high;
}

std::vector<TopicPartition> LaneIntake::lanes() const {
  const ConsumerGroup* group = running_;
  return group == nullptr ? std::vector<TopicPartition>{} : group->lanes();
}

}  // namespace pawl::kafka
