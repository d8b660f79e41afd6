// The columns that make an OutboxRow, as outbox and held events have them alike.
#pragma once

#include "pawl/core/outbox_row.h"
#include "pawl/postgres/connection.h"

namespace pawl::outbox {

/// Reads a row whose columns topic, key, id, type, source, content_type, correlation_id,
/// causation_id, traceparent, headers::text, payload, caused_at, created_at begin at `first`.
/// Points into the answer.
[[nodiscard]] OutboxRow row_at(const postgres::Result& result, int row, int first);

}  // namespace pawl::outbox
