// An idempotent librdkafka producer: what Publisher and RecordProducer share. Inside src/kafka
// only.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pawl/kafka/configuration.h"
#include "pawl/kafka/producer_settings.h"

namespace pawl::kafka {

/// One record to produce; everything is copied by produce().
struct OutgoingRecord {
  std::string_view topic;
  std::int32_t partition = RD_KAFKA_PARTITION_UA;  // unassigned: by the key
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::int64_t timestamp_ms = 0;  // 0: now
};

/// Not thread-safe but for librdkafka's own threads.
class ProducerLink {
 public:
  explicit ProducerLink(const ProducerSettings& settings);
  /// Drops what is still queued.
  ~ProducerLink();
  ProducerLink(const ProducerLink&) = delete;
  ProducerLink& operator=(const ProducerLink&) = delete;

  /// Queues. NO_ERROR, _QUEUE_FULL, _FATAL, or what is wrong with this record. `opaque` comes back
  /// with the delivery.
  rd_kafka_resp_err_t produce(const OutgoingRecord& record, HeadersHandle headers, void* opaque);

  /// Calls `each(const rd_kafka_message_t&)` for every delivery report that has come, waiting at
  /// most `wait_max` for the first. Returns how many.
  template <class Each>
  std::size_t deliveries(std::chrono::milliseconds wait_max, Each&& each) {
    std::size_t count = 0;
    auto wait = static_cast<int>(wait_max.count());
    while (EventHandle event{rd_kafka_queue_poll(reports_.get(), wait)}) {
      while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event.get())) {
        each(*message);
        ++count;
      }
      if (count > 0) wait = 0;
    }
    return count;
  }

  /// Calls `*wake` from librdkafka's threads when a report comes and none was waiting; null ends
  /// that.
  void on_report(const std::function<void()>* wake);

  /// Fails everything that is queued or in flight; the reports come through deliveries().
  void purge();
  /// The fatal error that ended this producer, as text; empty while it is fine.
  [[nodiscard]] std::optional<Failure> fatal() const;
  [[nodiscard]] std::size_t queued() const;

 private:
  rd_kafka_topic_t* topic(std::string_view name);

  Client client_;
  QueueHandle reports_;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, TopicHandle, Hash, std::equal_to<>> topics_;
};

}  // namespace pawl::kafka
