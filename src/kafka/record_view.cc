#include "pawl/kafka/record_view.h"

#include <vector>

namespace pawl::kafka {
namespace {

std::optional<std::string_view> bytes(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(data), size);
}

void read_headers(const rd_kafka_message_t& message, std::vector<Header>& into) {
  into.clear();
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(&message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (rd_kafka_header_get_all(list, into.size(), &name, &value, &size) ==
         RD_KAFKA_RESP_ERR_NO_ERROR) {
    into.push_back({name, bytes(value, size)});
  }
}

TimestampType type_of(rd_kafka_timestamp_type_t type) {
  switch (type) {
    case RD_KAFKA_TIMESTAMP_NOT_AVAILABLE:
      return TimestampType::none;
    case RD_KAFKA_TIMESTAMP_CREATE_TIME:
      return TimestampType::create;
    case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME:
      return TimestampType::log_append;
  }
  return TimestampType::none;
}

}  // namespace

Record to_record(const rd_kafka_message_t& message) {
  thread_local std::vector<Header> headers;
  read_headers(message, headers);
  Record record = make_record(
      bytes(message.key, message.key_len), bytes(message.payload, message.len), headers);
  record.partition = message.partition;
  record.offset = message.offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t milliseconds = rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && milliseconds > 0) {
    record.timestamp = WallTime{std::chrono::milliseconds{milliseconds}};
    record.timestamp_type = type_of(type);
  }
  return record;
}

}  // namespace pawl::kafka
