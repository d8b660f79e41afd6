#include "pawl/cli/status_lag.h"

#include <algorithm>
#include <utility>

#include "pawl/core/failure.h"
#include "pawl/kafka/record_reader.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using Offsets = std::map<std::int32_t, std::int64_t>;  // by partition

constexpr std::chrono::milliseconds kReadMax = 3s;

// A partition whose first record does not come in time, or cannot be read, has no age.
void read_ages(const kafka::KafkaSettings& settings,
               const std::string& topic,
               const Offsets& from,
               std::size_t behind,
               WallTime at,
               const Clock& clock,
               Lags& lags) {
  try {
    kafka::RecordReader reader{settings, topic, from};
    const SteadyTime until = clock.now() + kReadMax;
    while (behind > 0 && clock.now() < until) {
      const auto record = reader.poll(100ms);
      if (!record) continue;
      const auto lag = lags.find({topic, record->partition});
      if (lag == lags.end() || lag->second.records == 0 || lag->second.age) continue;
      --behind;
      if (record->timestamp != WallTime{})
        lag->second.age = std::max<WallTime::duration>(at - record->timestamp, 0s);
    }
  } catch (const Failure&) {
    return;  // that the broker answers is known; why it cannot be read is the consumer's to say
  }
}

void ask_topic(kafka::Admin& admin,
               const kafka::KafkaSettings& settings,
               const std::string& topic,
               const Offsets& next_offsets,
               WallTime at,
               const Clock& clock,
               Lags& lags) {
  if (!admin.describe(topic).exists) return;
  const std::vector<kafka::Watermarks> marks = admin.watermarks(topic);
  Offsets from;
  std::size_t behind = 0;
  for (std::int32_t partition = 0; std::cmp_less(partition, marks.size()); ++partition) {
    const auto& [low, high] = marks[static_cast<std::size_t>(partition)];
    from[partition] = high;
    const auto next = next_offsets.find(partition);
    if (next == next_offsets.end()) continue;
    const LaneLag lag{high, std::max<std::int64_t>(0, high - next->second), {}};
    lags.emplace(TopicPartition{topic, partition}, lag);
    if (lag.records == 0) continue;
    from[partition] = std::max(low, next->second);
    if (from[partition] < high) ++behind;
  }
  if (behind > 0) read_ages(settings, topic, from, behind, at, clock, lags);
}

}  // namespace

Lags ask_lags(kafka::Admin& admin,
              const kafka::KafkaSettings& settings,
              const Standing& standing,
              const Clock& clock) {
  std::map<std::string, Offsets> topics;
  for (const auto& [lane, next] : standing.next_offsets) topics[lane.topic][lane.partition] = next;
  Lags lags;
  for (const auto& [topic, offsets] : topics)
    ask_topic(admin, settings, topic, offsets, standing.at, clock, lags);
  return lags;
}

}  // namespace pawl::cli
