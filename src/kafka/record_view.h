// From librdkafka's message to our record. Inside src/kafka only.
#pragma once

#include "pawl/core/record.h"
#include "pawl/kafka/handle.h"

namespace pawl::kafka {

/// Copies a fetched message. librdkafka keeps a message in a dozen pieces (the operation, the list
/// of headers, each header): given back at once, while the processor's caches still hold them, they
/// serve for the next message, where a view of them would have them lie about until its batch is
/// committed. And a record may outlive its client.
[[nodiscard]] Record to_record(const rd_kafka_message_t& message);

}  // namespace pawl::kafka
