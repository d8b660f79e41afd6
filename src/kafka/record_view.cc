#include "pawl/kafka/record_view.h"

namespace pawl::kafka {
namespace {

std::optional<std::string_view> bytes(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(data), size);
}

void read_headers(const rd_kafka_message_t& message, std::vector<Header>& into) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  into.reserve(rd_kafka_header_cnt(headers));
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    into.push_back({name, bytes(value, size)});
  }
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
  read_headers(message, record.headers);
  record.owner = RecordOwner{event.release(), +[](void* owned) {
                               rd_kafka_event_destroy(static_cast<rd_kafka_event_t*>(owned));
                             }};
  return record;
}

}  // namespace pawl::kafka
