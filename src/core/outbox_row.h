// What leaves Pawl: one row of pawl.outbox, which the relay turns into one Kafka record.
#pragma once

#include <optional>
#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/core/uuid.h"

namespace pawl {

/// Views into whatever holds the bytes; OutboxRows (outbox_rows.h) keeps rows with theirs. An empty
/// optional is SQL NULL: the header is then absent. The relay writes the CloudEvents headers of
/// DESIGN §8 from the columns; a row whose `headers` is set (a dead letter) gets exactly those
/// instead.
struct OutboxRow {
  std::string_view topic;
  std::optional<std::string_view> key;  // bytes; ordering key
  Uuid id;                              // ce_id
  std::string_view type;                // ce_type: full Protobuf message name
  std::string_view source;              // ce_source
  std::string_view content_type;        // content-type
  std::optional<std::string_view>
      correlation_id;  // ce_correlationid; empty: the same as causation_id
  std::optional<std::string_view> causation_id;  // ce_causationid
  std::optional<std::string_view> traceparent;
  std::optional<std::string_view>
      headers;  // JSON array of [name, text | {"base64": …} | null], verbatim and in order
  std::optional<std::string_view> payload;  // bytes; empty optional: a tombstone
  WallTime caused_at{};   // when the command was produced; epoch 0 = unknown (NULL)
  WallTime created_at{};  // ce_time: the writing transaction's now(); not written, the column's
                          // default is the same
};

}  // namespace pawl
