// What the relay needs of Kafka. Implemented by kafka::Publisher and by a fake in tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "pawl/core/failure.h"
#include "pawl/core/outbox_row.h"

namespace pawl::relay {

/// The broker's answer for one published row. No failure: acknowledged by all in-sync replicas.
struct Delivery {
  std::uint64_t tag;
  // give_up: this row cannot be published; retry_later: it, or another of its request, or nobody
  // knows: try it alone; reconnect_and_rerun: the broker is away
  std::optional<Failure> failure;
};

/// Used by the relay's thread only.
class Publisher {
 public:
  virtual ~Publisher() = default;
  /// Queues a row; its bytes are copied. False when the queue is full: take deliveries, then try
  /// again. Per key, rows leave in the order of these calls.
  virtual bool publish(const OutboxRow& row, std::uint64_t tag) = 0;
  /// The same for a row that failed: it goes in a request of its own, so that the answer is about
  /// nothing else. Its key must have no other row queued; rows queued so keep their order among
  /// themselves only.
  virtual bool publish_alone(const OutboxRow& row, std::uint64_t tag) = 0;
  /// Appends the answers that have come, waiting at most `wait_max` for the first. A fatal error of
  /// the producer answers all that was queued with reconnect_and_rerun, and the next publish() uses
  /// a new producer.
  virtual void deliveries(std::vector<Delivery>& into, std::chrono::milliseconds wait_max) = 0;
  /// Forgets all that was queued: what has not been sent yet never is, and nothing of it is
  /// answered any more.
  virtual void drop_queued() = 0;
  /// From now on `wake` is called, by any thread, whenever an answer comes and none was waiting. It
  /// must not wait, nor call the publisher. An empty one ends that; then it neither runs nor will
  /// run.
  virtual void on_delivery(std::function<void()> wake) = 0;
};

}  // namespace pawl::relay
