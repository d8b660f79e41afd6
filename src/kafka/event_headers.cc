#include "pawl/kafka/event_headers.h"

#include "pawl/core/rfc3339.h"
#include "pawl/kafka/header_list.h"

namespace pawl::kafka {
namespace {

// All rows of a transaction have the same time.
std::string_view text_of(WallTime time) noexcept {
  thread_local WallTime last{};
  thread_local auto text = rfc3339(last);
  if (time != last) text = rfc3339(last = time);
  return text;
}

}  // namespace

HeadersHandle cloud_event_headers(const OutboxRow& row) {
  HeadersHandle headers = make_headers(9);
  rd_kafka_headers_t* list = headers.get();
  const auto id = row.id.text();
  add_header(list, "ce_id", std::string_view(id.data(), id.size()));
  add_header(list, "ce_source", row.source);
  add_header(list, "ce_type", row.type);
  add_header(list, "ce_specversion", "1.0");
  if (row.created_at != WallTime{}) add_header(list, "ce_time", text_of(row.created_at));
  add_header(list, "content-type", row.content_type);
  // A chain's first event is caused by the command that it correlates with; the row then stores it
  // once.
  const auto& correlation = row.correlation_id ? row.correlation_id : row.causation_id;
  if (correlation) add_header(list, "ce_correlationid", correlation);
  if (row.causation_id) add_header(list, "ce_causationid", row.causation_id);
  if (row.traceparent) add_header(list, "traceparent", row.traceparent);
  return headers;
}

}  // namespace pawl::kafka
