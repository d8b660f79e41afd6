#include "pawl/dead_letters/letter_json.h"

#include "pawl/codec/text.h"
#include "pawl/core/rfc3339.h"

namespace pawl::dead_letters {

using nlohmann::ordered_json;

ordered_json summary_json(const Letter& letter) {
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
  json["group"] = fingerprint_text(letter.fingerprint);
  json["attempts"] = letter.attempts;
  json["redrives"] = letter.redrives;
  json["first_failed_at"] = rfc3339(letter.first_failed_at);
  json["last_failed_at"] = rfc3339(letter.last_failed_at);
  if (letter.edited_as) json["edited_as"] = letter.edited_as->to_string();
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

std::string export_line(const Letter& letter) {
  ordered_json json = summary_json(letter);
  json["headers"] = ordered_json::parse(letter.headers);
  json["payload"] = bytes_json(letter.payload);
  json["history"] = ordered_json::parse(letter.history);
  return dumped(json);
}

}  // namespace pawl::dead_letters
