#include "pawl/held_events/reader.h"

#include <fmt/format.h>

namespace pawl::held_events {
namespace {

using postgres::Parameters;
using postgres::Result;

constexpr std::string_view kColumns =
    "e.batch, e.index, e.id, e.topic, e.key, e.type, e.source, e.content_type, e.correlation_id, "
    "e.causation_id, e.traceparent, coalesce(octet_length(e.payload), 0), e.created_at, e.held_at, "
    "e.code, e.text, e.attempts, e.retry_at";

std::optional<std::string> optional_text(const Result& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return std::string(rows.text(row, column));
}

Event event_of(const Result& rows, int row, bool whole) {
  int at = 0;
  Event event;
  event.batch = rows.integer(row, at++);
  event.index = static_cast<std::int32_t>(rows.integer(row, at++));
  event.id = rows.uuid(row, at++);
  event.topic = rows.text(row, at++);
  event.key = optional_text(rows, row, at++);
  event.type = rows.text(row, at++);
  event.source = rows.text(row, at++);
  event.content_type = rows.text(row, at++);
  event.correlation_id = optional_text(rows, row, at++);
  event.causation_id = optional_text(rows, row, at++);
  event.traceparent = optional_text(rows, row, at++);
  event.payload_bytes = rows.integer(row, at++);
  event.created_at = rows.time(row, at++);
  event.held_at = rows.time(row, at++);
  event.code = optional_text(rows, row, at++);
  event.text = optional_text(rows, row, at++).value_or("");
  event.attempts = rows.integer(row, at++);
  if (event.code) event.retry_at = rows.time(row, at);
  if (!whole) return event;
  event.headers = optional_text(rows, row, ++at);
  event.payload = optional_text(rows, row, ++at);
  return event;
}

}  // namespace

// Planned for these very parameters, as all unnamed statements.
std::vector<Event> Reader::list(const Filter& filter, const Page& page) {
  Parameters parameters;
  std::string where = condition(filter, parameters);
  if (page.after) {
    parameters.add(*page.after);
    where += fmt::format(
        " AND (e.batch, e.index, e.relay) > (SELECT batch, index, relay FROM "
        "pawl.relay_held_event WHERE id = ${} ORDER BY batch, index, relay LIMIT 1)",
        parameters.size());
  }
  parameters.add(std::int64_t{page.limit});
  const Result rows =
      connection_.execute({"",
                           fmt::format("SELECT {}{} FROM pawl.relay_held_event e WHERE {} ORDER BY "
                                       "e.batch, e.index, e.relay LIMIT ${}",
                                       kColumns,
                                       page.whole ? ", e.headers::text, e.payload" : "",
                                       where,
                                       parameters.size())},
                          parameters);
  std::vector<Event> events;
  events.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) events.push_back(event_of(rows, row, page.whole));
  return events;
}

Counts Reader::count(const Filter& filter) {
  Parameters parameters;
  const std::string where = condition(filter, parameters);
  const Result counts = connection_.execute(
      {"", "SELECT count(*), count(e.code) FROM pawl.relay_held_event e WHERE " + where},
      parameters);
  return {counts.integer(0, 0), counts.integer(0, 1)};
}

}  // namespace pawl::held_events
