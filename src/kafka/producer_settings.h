// How to produce. No librdkafka header in here.
#pragma once

#include <chrono>
#include <cstddef>

#include "pawl/kafka/settings.h"

namespace pawl::kafka {

struct ProducerSettings {
  KafkaSettings kafka;
  std::chrono::milliseconds linger{2};  // waits so long to fill a batch
  // Records queued or in flight; above: refused. Small on purpose: what is in flight then stays in
  // the processor's caches and the allocator's (medians on a busy machine: 1.2 µs a row with 2,000,
  // 2.5 µs with 8,000). The price: at a 20 ms round trip no more than 100,000 rows/s.
  std::size_t queue_records = 2'000;
  std::size_t queue_bytes = std::size_t{64} << 20U;
  bool one_record_a_request = false;  // so that a refusal is about one record
  // A record that the broker has not taken by then fails.
  std::chrono::milliseconds delivery_max{30'000};
};

}  // namespace pawl::kafka
