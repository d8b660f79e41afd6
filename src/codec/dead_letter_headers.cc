#include "pawl/codec/dead_letter_headers.h"

#include <concepts>
#include <utility>
#include <vector>

#include "pawl/codec/failure_kind.h"
#include "pawl/codec/headers_json.h"
#include "pawl/codec/text.h"
#include "pawl/core/rfc3339.h"

namespace pawl::codec {
namespace {

using Added = std::vector<std::pair<std::string_view, std::string>>;  // name and value

constexpr std::size_t kTextBytesMax = 4096;

std::string text_of(const DeathNote& note) {
  return as_text(cut_text(note.text, kTextBytesMax));
}

// What Java's tools take for the name of an exception's class.
std::string exception_name(const DeathNote& note) {
  return as_text(note.failure_class) + '.' + as_text(note.code);
}

// As Java's ByteBuffer puts it.
template <std::signed_integral Number>
std::string big_endian(Number number) {
  auto bits = static_cast<std::make_unsigned_t<Number>>(number);
  std::string bytes(sizeof number, '\0');
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, bits >>= 8) {
    *byte = static_cast<char>(bits & 0xFF);
  }
  return bytes;
}

std::string_view word(TimestampType type) {
  switch (type) {
    case TimestampType::none:
      return "NoTimestampType";
    case TimestampType::create:
      return "CreateTime";
    case TimestampType::log_append:
      return "LogAppendTime";
  }
  return "impossible";
}

void add_native(const DeathNote& note, Added& added) {
  added.emplace_back("pawl_dead_topic", as_text(note.topic));
  added.emplace_back("pawl_dead_partition", std::to_string(note.partition));
  added.emplace_back("pawl_dead_offset", std::to_string(note.offset));
  added.emplace_back("pawl_dead_consumer", as_text(note.consumer));
  added.emplace_back("pawl_dead_attempts", std::to_string(note.attempts));
  added.emplace_back("pawl_dead_first_failed_at", rfc3339(note.first_failed_at));
  added.emplace_back("pawl_dead_last_failed_at", rfc3339(note.last_failed_at));
  added.emplace_back("pawl_dead_class", as_text(note.failure_class));
  added.emplace_back("pawl_dead_code", as_text(note.code));
  added.emplace_back("pawl_dead_text", text_of(note));
}

void add_spring(const DeathNote& note, Added& added) {
  const bool timed = note.record_time != WallTime{};
  added.emplace_back("kafka_dlt-exception-fqcn", exception_name(note));
  added.emplace_back("kafka_dlt-exception-cause-fqcn", exception_name(note));
  added.emplace_back("kafka_dlt-exception-message", text_of(note));
  added.emplace_back("kafka_dlt-original-topic", as_text(note.topic));
  added.emplace_back("kafka_dlt-original-partition", big_endian(note.partition));
  added.emplace_back("kafka_dlt-original-offset", big_endian(note.offset));
  added.emplace_back(
      "kafka_dlt-original-timestamp",
      big_endian(std::int64_t{timed ? note.record_time.time_since_epoch().count() : -1}));
  if (!timed || note.timestamp_type != TimestampType::none)
    added.emplace_back("kafka_dlt-original-timestamp-type", word(note.timestamp_type));
  added.emplace_back("kafka_dlt-original-consumer-group", as_text(note.consumer));
}

void add_connect(const DeathNote& note, Added& added) {
  const bool undecodable = note.failure_class == "undecodable";
  added.emplace_back("__connect.errors.topic", as_text(note.topic));
  added.emplace_back("__connect.errors.partition", std::to_string(note.partition));
  added.emplace_back("__connect.errors.offset", std::to_string(note.offset));
  added.emplace_back("__connect.errors.connector.name", as_text(note.consumer));
  added.emplace_back("__connect.errors.task.id", std::to_string(note.partition));
  added.emplace_back("__connect.errors.stage", undecodable ? "VALUE_CONVERTER" : "TASK_PUT");
  added.emplace_back("__connect.errors.class.name", as_text(note.type));
  added.emplace_back("__connect.errors.exception.class.name", exception_name(note));
  added.emplace_back("__connect.errors.exception.message", text_of(note));
}

void add_styled(const DeathNote& note, HeaderStyle style, Added& added) {
  switch (style) {
    case HeaderStyle::native:
      return add_native(note, added);
    case HeaderStyle::spring:
      return add_spring(note, added);
    case HeaderStyle::connect:
      return add_connect(note, added);
  }
}

}  // namespace

std::string dead_letter_headers_json(std::span<const Header> headers,
                                     const DeathNote& note,
                                     HeaderStyle style) {
  Added added;
  add_styled(note, style, added);
  added.emplace_back("pawl_dead_message_id", note.message_id.to_string());
  added.emplace_back("pawl_dead_fingerprint", fingerprint_text(note.fingerprint));
  std::vector<Header> all(headers.begin(), headers.end());
  for (const auto& [name, value] : added) all.push_back({name, value});
  return headers_json(all);
}

}  // namespace pawl::codec
