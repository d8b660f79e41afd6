// A fetched record without copying: the views point into librdkafka's fetch buffer. Inside
// src/kafka only.
#pragma once

#include "pawl/core/record.h"
#include "pawl/kafka/handle.h"

namespace pawl::kafka {

/// Turns a FETCH event, which holds one message without error, into a Record that owns the event.
/// The record must be destroyed before its client.
[[nodiscard]] Record to_record(EventHandle event, const rd_kafka_message_t& message);

}  // namespace pawl::kafka
