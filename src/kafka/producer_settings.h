// How to produce. No librdkafka header in here.
#pragma once

#include <chrono>
#include <cstddef>

#include "pawl/kafka/settings.h"

namespace pawl::kafka {

struct ProducerSettings {
  KafkaSettings kafka;
  std::chrono::milliseconds linger{2};              // waits so long to fill a batch
  std::size_t queue_records = 50'000;               // records queued or in flight; above: refused
  std::size_t queue_bytes = std::size_t{64} << 20U;
  std::chrono::milliseconds delivery_max{30'000};   // a record that the broker has not taken by then fails
};

}  // namespace pawl::kafka
