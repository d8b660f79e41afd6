// Produces plain records as fast as it can: for the CLI (`pawl load`, `pawl send`) and tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pawl/core/record.h"
#include "pawl/kafka/producer_settings.h"

namespace pawl::kafka {

class ProducerLink;

/// What is to be produced; all bytes are copied.
struct ProducedRecord {
  std::string_view topic;
  std::optional<std::int32_t>
      partition;  // empty: by the key, where Java clients put it; without key: any
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::span<const Header> headers;
  WallTime timestamp{};  // epoch 0: now
};

/// Where a record lies.
struct Placed {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
};

struct ProducedCounts {
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;
};

/// Used by one thread.
class RecordProducer {
 public:
  explicit RecordProducer(const ProducerSettings& settings);
  ~RecordProducer();
  RecordProducer(const RecordProducer&) = delete;
  RecordProducer& operator=(const RecordProducer&) = delete;

  /// Queues; waits for room when the queue is full. Throws Failure when this record can never be
  /// produced (too large …) or the producer has ended.
  void produce(const ProducedRecord& record);

  /// Waits until everything was answered, at most `wait_max`. True when nothing is left.
  bool flush(std::chrono::milliseconds wait_max);

  /// What has been answered until now; deliveries are counted during produce() and flush().
  [[nodiscard]] const ProducedCounts& counts() const noexcept { return counts_; }
  /// Where the last delivered record lies; empty before the first.
  [[nodiscard]] const std::optional<Placed>& last_delivered() const noexcept {
    return last_delivered_;
  }
  /// Why the last failed record failed; empty when none did.
  [[nodiscard]] const std::string& last_error() const noexcept { return last_error_; }

 private:
  void count_deliveries(std::chrono::milliseconds wait_max);

  std::unique_ptr<ProducerLink> link_;
  ProducedCounts counts_;
  std::optional<Placed> last_delivered_;
  std::string last_error_;
  unsigned since_poll_ = 0;
};

}  // namespace pawl::kafka
