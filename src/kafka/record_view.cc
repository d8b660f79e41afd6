#include "pawl/kafka/record_view.h"

namespace pawl::kafka {
namespace {

std::optional<std::string_view> bytes(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(data), size);
}

std::optional<Header> header_at(const void* headers, std::size_t index) noexcept {
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  const auto* list = static_cast<const rd_kafka_headers_t*>(headers);
  if (rd_kafka_header_get_all(list, index, &name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::nullopt;
  }
  return Header{name, bytes(value, size)};
}

void destroy_event(void* event) noexcept {
  rd_kafka_event_destroy(static_cast<rd_kafka_event_t*>(event));
}

constexpr RecordBacking::Kind kFetchEvent{.destroy = &destroy_event, .header = &header_at};

// librdkafka parses the headers of a message when it is first asked for them, and keeps them with
// it.
const rd_kafka_headers_t* parsed_headers(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;  // stays null when there are none
  rd_kafka_message_headers(&message, &headers);
  return headers;
}

}  // namespace

Record to_record(EventHandle event, const rd_kafka_message_t& message) {
  Record record;
  record.partition = message.partition;
  record.offset = message.offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t milliseconds = rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && milliseconds > 0) {
    record.timestamp = WallTime{std::chrono::milliseconds{milliseconds}};
  }
  record.key = bytes(message.key, message.key_len);
  record.value = bytes(message.payload, message.len);
  record.backing = RecordBacking{event.release(), parsed_headers(message), kFetchEvent};
  record.bytes = bytes_of(record);
  return record;
}

}  // namespace pawl::kafka
