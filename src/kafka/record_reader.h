// Reads a topic without a consumer group: for the CLI and tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "pawl/core/record.h"
#include "pawl/kafka/settings.h"

namespace pawl::kafka {

/// All partitions of one topic, from their beginning or from given offsets. Used by one thread.
/// Records must be gone before the reader is destroyed.
class RecordReader {
 public:
  /// Begins to read. `from`: next offset by partition; partitions that it does not name begin at
  /// their oldest record. Throws Failure(give_up) when the topic does not exist,
  /// Failure(reconnect_and_rerun) when no broker answers in 10 s.
  RecordReader(const KafkaSettings& settings,
               const std::string& topic,
               const std::map<std::int32_t, std::int64_t>& from = {});
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// The next record of any partition, or nothing within `wait_max`. Throws Failure(give_up) when a
  /// partition cannot be read.
  [[nodiscard]] std::optional<Record> poll(std::chrono::milliseconds wait_max);

  /// Whether everything that was there at construction has been handed out.
  [[nodiscard]] bool at_end() const noexcept { return remaining_.empty(); }

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::map<std::int32_t, std::int64_t>
      remaining_;  // end offset by partition that is not yet reached
};

}  // namespace pawl::kafka
