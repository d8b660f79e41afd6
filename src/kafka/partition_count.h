// How many partitions a topic has, asked of the broker. Inside src/kafka only.
#pragma once

#include <optional>
#include <string>

#include "pawl/kafka/handle.h"

namespace pawl::kafka {

/// Empty when the topic does not exist. Waits `answer_max_ms` at most; throws
/// Failure(reconnect_and_rerun) when no broker answers. Thread-safe. A consumer's client does not
/// create the topic by asking.
[[nodiscard]] std::optional<int> partition_count(rd_kafka_t* client,
                                                 const std::string& topic,
                                                 int answer_max_ms);

}  // namespace pawl::kafka
