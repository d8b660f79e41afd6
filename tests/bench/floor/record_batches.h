// Lets the real engine and the real handlers work off a topic over a database in memory, and keeps
// what they asked it for.
#pragma once

#include "bench/floor/recording.h"
#include "bench/interrupt.h"
#include "pawl/config/settings.h"
#include "pawl/kafka/settings.h"

namespace pawl::bench {

struct RecordingSource {
  kafka::KafkaSettings kafka;
  config::Settings worker;  // topics, batch.*, engine.*
  std::int32_t partitions;
  std::int64_t accounts;  // as the stage has opened them
};

/// The batches are full wherever the topic has enough: what an engine does whose intake never makes
/// it wait. Throws Failure when the topic cannot be read.
[[nodiscard]] Recording record_batches(const RecordingSource& source, const Interrupt& interrupt);

}  // namespace pawl::bench
