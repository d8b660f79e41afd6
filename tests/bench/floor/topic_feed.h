// A topic for the engine that is recorded: all lanes, from their beginning, and always enough of
// them for a full batch.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "bench/interrupt.h"
#include "pawl/engine/ports.h"
#include "pawl/kafka/record_reader.h"

namespace pawl::bench {

/// One thread. Holds only what is about to be taken, however long the topic is.
class TopicFeed final : public engine::Intake {
 public:
  /// `ahead`: so many records wait whenever there are so many. Throws Failure as RecordReader does.
  TopicFeed(const kafka::KafkaSettings& kafka,
            const std::string& topic,
            std::int32_t partitions,
            std::size_t ahead);

  /// Reads until enough waits. False when all records were handed out before.
  bool fill(const Interrupt& interrupt);
  [[nodiscard]] std::vector<TopicPartition> lanes() const;

  void start(std::uint64_t /*assignment*/, std::span<const engine::LaneStart> /*lanes*/) override {}
  std::unique_ptr<engine::LaneSource> source(const TopicPartition& lane) override;
  void released(std::uint64_t /*assignment*/) override {}
  [[nodiscard]] bool is_settled() const override { return true; }
  std::int32_t partitions(const std::string& /*topic*/) override {
    return static_cast<std::int32_t>(waiting_.size());
  }
  std::int64_t resolve(const TopicPartition& /*lane*/, engine::StartFrom /*from*/) override {
    return 0;
  }
  void report(std::span<const engine::LaneStart> /*next*/) override {}

 private:
  class Source;

  std::string topic_;
  std::size_t ahead_;
  kafka::RecordReader reader_;
  std::vector<std::deque<Record>> waiting_;  // by partition
  std::size_t count_ = 0;                    // of all that wait
};

}  // namespace pawl::bench
