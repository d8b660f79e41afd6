// The headers of a record on the dead-letter topic, in the words of its readers' tools.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/core/uuid.h"

namespace pawl::codec {

/// In whose words the headers say what happened.
enum class HeaderStyle {
  native,   // pawl_dead_*
  spring,   // those of Spring Kafka's DeadLetterPublishingRecoverer
  connect,  // those of Kafka Connect's dead letter queue
};

/// Why and where a record died. Texts should be UTF-8; bytes that are not become '?'.
struct DeathNote {
  std::string_view topic;
  std::int32_t partition;
  std::int64_t offset;
  WallTime record_time;  // epoch 0 when the record has none
  TimestampType timestamp_type;
  Uuid message_id;
  std::string_view type;  // as the record claimed it; perhaps empty
  std::string_view consumer;
  std::int64_t attempts;
  WallTime first_failed_at;
  WallTime last_failed_at;
  std::string_view failure_class;
  std::string_view code;
  std::string_view text;  // cut at 4 KiB; must not hold a payload
  std::int64_t fingerprint;
};

/// The headers in the form of headers_json(): the record's own untouched and first, then ours. A
/// record that dies again has ours twice; the last ones count, as with all Kafka headers.
///
/// Every style has pawl_dead_message_id (UUID) and pawl_dead_fingerprint (16 hexadecimal digits),
/// by which the letter is found in `pawl dead`. Beside them:
///
/// native: pawl_dead_topic, _partition, _offset, _consumer, _attempts, _first_failed_at,
/// _last_failed_at (RFC 3339, UTC), _class, _code, _text.
///
/// spring: kafka_dlt-original-topic, -partition (4 bytes, big-endian), -offset and -timestamp (8
/// bytes, big-endian; -1: none), -timestamp-type (CreateTime, LogAppendTime or NoTimestampType;
/// left out for a timestamp whose type was not kept, as parking does), -consumer-group;
/// kafka_dlt-exception-fqcn and -cause-fqcn (both `class.code`), -message. No stack trace. Source:
/// spring-kafka 3f3cf7d8, support/KafkaHeaders.java (DLT_*) and
/// listener/DeadLetterRecordManager.java (addExceptionInfoHeaders, maybeAddOriginalHeaders), to
/// which DeadLetterPublishingRecoverer leaves them; Kafka's record/TimestampType.java for the names
/// of the types.
///
/// connect: __connect.errors.topic, .partition, .offset, .connector.name (the consumer), .task.id
/// (the partition, which is what works in parallel here), .stage (VALUE_CONVERTER for what cannot
/// be decoded, otherwise TASK_PUT), .class.name (the command's type), .exception.class.name
/// (`class.code`), .exception.message; numbers as decimal text. No stack trace.
/// Source: Apache Kafka 1eb76443, connect/runtime/errors/DeadLetterQueueReporter.java
/// (populateContextHeaders) and Stage.java.
///
/// Thread-safe.
[[nodiscard]] std::string dead_letter_headers_json(std::span<const Header> headers,
                                                   const DeathNote& note,
                                                   HeaderStyle style);

}  // namespace pawl::codec
