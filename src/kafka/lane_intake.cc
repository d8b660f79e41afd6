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

void LaneIntake::check_library() const {
  if (!settings_.cooperative || rd_kafka_version() >= settings_.cooperative_since) return;
  throw Failure(
      Remedy::give_up,
      "_UNSUPPORTED_FEATURE",
      std::string("consumer.assignment = \"cooperative\" needs librdkafka 2.10.0 or newer, "
                  "this is ") +
          rd_kafka_version_str() +
          "; set it to \"eager\", in all processes of group=" + settings_.group);
}

void LaneIntake::start(std::span<engine::LaneOwner* const> owners) {
  const std::lock_guard going{coming_and_going_};
  if (group() || stopped_) return;
  check_library();
  owners_.assign(owners.begin(), owners.end());
  begin(std::make_shared<ConsumerGroup>(settings_, owners_, partitions_of(settings_), 0));
}

void LaneIntake::recreate() {
  const std::lock_guard going{coming_and_going_};
  const auto old = group();
  if (!old || stopped_) return;
  const std::size_t lanes = partitions_of(settings_);
  old->close();
  begin(std::make_shared<ConsumerGroup>(settings_, owners_, lanes, old->number()));
}

void LaneIntake::begin(std::shared_ptr<ConsumerGroup> group) {
  {
    const std::lock_guard lock{mutex_};
    group_ = group;
  }
  group->run();
}

void LaneIntake::abandon() {
  if (const auto running = group()) running->abandon_owners();
}

void LaneIntake::stop() {
  const std::lock_guard going{coming_and_going_};
  stopped_ = true;
  if (const auto running = group()) running->close();
}

std::shared_ptr<ConsumerGroup> LaneIntake::group() const {
  const std::lock_guard lock{mutex_};
  return group_;
}

std::shared_ptr<ConsumerGroup> LaneIntake::running() const {
  auto running = group();
  if (!running) throw Failure(Remedy::rerun_now, "_STATE", "the Kafka intake does not run yet");
  return running;
}

void LaneIntake::start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) {
  running()->started(assignment, lanes);
}

std::unique_ptr<engine::LaneSource> LaneIntake::source(const TopicPartition& lane) {
  return running()->source(lane);
}

void LaneIntake::released(std::uint64_t assignment) {
  running()->released(assignment);
}

bool LaneIntake::is_settled() const {
  const auto running = group();
  return running && running->is_settled();
}

std::int32_t LaneIntake::partitions(const std::string& topic) {
  const auto count =
      partition_count(running()->client(), topic, static_cast<int>(settings_.answer_max.count()));
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
      rd_kafka_query_watermark_offsets(running()->client(),
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
  running()->report(next);
}

bool LaneIntake::reachable() const noexcept {
  const auto running = group();
  return running && running->reachable();
}

SteadyTime LaneIntake::heartbeat() const noexcept {
  const auto running = group();
  return running ? running->heartbeat() : SteadyTime{};
}

std::int64_t LaneIntake::end_offset(const TopicPartition& lane) const {
  const auto running = group();
  std::int64_t low = 0;
  std::int64_t high = -1;
  if (!running || rd_kafka_get_watermark_offsets(
                      running->client(), lane.topic.c_str(), lane.partition, &low, &high) !=
                      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return -1;
  }
  return high < 0 ? -1 : high;
}

std::vector<TopicPartition> LaneIntake::lanes() const {
  const auto running = group();
  return running ? running->lanes() : std::vector<TopicPartition>{};
}

}  // namespace pawl::kafka
