#include "pawl/consumer/broker_view.h"

#include "pawl/core/failure.h"
#include "pawl/kafka/record_reader.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kBrokerAnswerMax = 2s;
constexpr std::chrono::milliseconds kHolds = 500ms;
constexpr std::chrono::milliseconds kReadMax = 3s;

}  // namespace

BrokerView::BrokerView(kafka::KafkaSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

std::int64_t BrokerView::end_of(const TopicPartition& lane) {
  const auto& marks = watermarks(lane.topic);
  const auto partition = static_cast<std::size_t>(lane.partition);
  return partition < marks.size() ? marks[partition].high : -1;
}

const std::vector<kafka::Watermarks>& BrokerView::watermarks(const std::string& topic) {
  Ends& ends = ends_[topic];
  if (clock_.now() - ends.asked_at < kHolds) return ends.watermarks;
  try {
    if (!admin_) admin_ = std::make_unique<kafka::Admin>(settings_, kBrokerAnswerMax);
    ends.watermarks = admin_->watermarks(topic);
  } catch (const Failure&) {
    ends.watermarks.clear();
  }
  ends.asked_at = clock_.now();
  return ends.watermarks;
}

bool BrokerView::readable(const TopicPartition& lane, std::int64_t offset) {
  std::map<std::int32_t, std::int64_t> from;
  for (const kafka::Watermarks& marks : watermarks(lane.topic)) {
    from.emplace(static_cast<std::int32_t>(from.size()), marks.high);
  }
  from[lane.partition] = offset;
  try {
    kafka::RecordReader reader{settings_, lane.topic, from};
    const SteadyTime until = clock_.now() + kReadMax;
    while (clock_.now() < until) {
      const auto record = reader.poll(100ms);
      if (record && record->partition == lane.partition) return true;
    }
  } catch (const Failure&) {
    return false;  // what is wrong is said by the lane itself, or by the broker's check
  }
  return false;
}

}  // namespace pawl
