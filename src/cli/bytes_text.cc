#include "pawl/cli/dead_letter_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "pawl/codec/text.h"
#include "pawl/core/rfc3339.h"

namespace pawl::cli {
namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

}  // namespace

using nlohmann::ordered_json;

ordered_json summary_json(const dead_letters::Letter& letter) {
  ordered_json json;
  json["id"] = letter.id.to_string();
  json["state"] = to_string(letter.state);
  json["type"] = letter.type;
  json["message_id"] = letter.message_id.to_string();
  json["key"] = bytes_json(letter.key);
  json["topic"] = letter.lane.topic;
  json["partition"] = letter.lane.partition;
  json["offset"] = letter.offset;
  if (letter.record_time) json["record_time"] = rfc3339(*letter.record_time);
  json["class"] = letter.failure_class;
  json["code"] = letter.code;
  json["text"] = letter.text;
  json["group"] = dead_letters::fingerprint_text(letter.fingerprint);
  json["attempts"] = letter.attempts;
  json["redrives"] = letter.redrives;
  json["first_failed_at"] = rfc3339(letter.first_failed_at);
  json["last_failed_at"] = rfc3339(letter.last_failed_at);
  return json;
}

ordered_json bytes_json(const std::optional<std::string>& bytes) {
  if (!bytes) return nullptr;
  if (codec::is_text(*bytes)) return *bytes;
  return {{"base64", codec::base64_encoded(*bytes)}};
}

std::string dumped(const ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

std::string bytes_text(const std::optional<std::string>& bytes) {
  if (!bytes) return "-";
  if (codec::is_text(*bytes) && std::ranges::none_of(*bytes, is_control)) return *bytes;
  std::string text = "0x";
  for (const char byte : *bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace pawl::cli
