#include "pawl/kafka/event_headers.h"

#include "pawl/kafka/header_list.h"

namespace pawl::kafka {
namespace {

void write_digits(char* at, int width, std::int64_t value) noexcept {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

std::array<char, 24> rfc3339(WallTime time) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::int64_t of_day = (time - day).count();
  std::array<char, 24> text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                            '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  write_digits(&text[0], 4, static_cast<int>(date.year()));
  write_digits(&text[5], 2, static_cast<unsigned>(date.month()));
  write_digits(&text[8], 2, static_cast<unsigned>(date.day()));
  write_digits(&text[11], 2, of_day / 3'600'000);
  write_digits(&text[14], 2, of_day / 60'000 % 60);
  write_digits(&text[17], 2, of_day / 1'000 % 60);
  write_digits(&text[20], 3, of_day % 1'000);
  return text;
}

namespace {

// All rows of a transaction have the same time.
std::string_view text_of(WallTime time) noexcept {
  thread_local WallTime last{};
  thread_local auto text = rfc3339(last);
  if (time != last) text = rfc3339(last = time);
  return {text.data(), text.size()};
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
