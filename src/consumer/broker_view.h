// What the broker has in a topic, seen by clients of our own beside the consumer.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/settings.h"

namespace pawl {

/// Made for the lane watch; used by its thread. Every call waits some seconds at most.
class BrokerView {
 public:
  BrokerView(kafka::KafkaSettings settings, const Clock& clock);

  /// Where the partition ends; -1: nobody answers. All partitions of a topic are asked for at once,
  /// and the answer holds for a moment.
  [[nodiscard]] std::int64_t end_of(const TopicPartition& lane);
  /// Whether a record can be read at or behind this offset. False when nobody answers.
  [[nodiscard]] bool readable(const TopicPartition& lane, std::int64_t offset);

 private:
  struct Ends {
    SteadyTime asked_at{};
    std::vector<kafka::Watermarks> watermarks;
  };
  const std::vector<kafka::Watermarks>& watermarks(const std::string& topic);

  kafka::KafkaSettings settings_;
  const Clock& clock_;
  std::unique_ptr<kafka::Admin> admin_;  // made when it is first needed
  std::map<std::string, Ends> ends_;
};

}  // namespace pawl
