// Why a record cannot become a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pawl/core/uuid.h"

namespace pawl::codec {

/// A closed set of reasons; the words of to_string() are stored in dead letters and used as metrics
/// labels.
enum class UndecodableCode {
  missing_id,       // no CloudEvents id; in plain mode: nothing where consumer.plain.id points
  missing_source,   // no CloudEvents source
  missing_type,     // no CloudEvents type
  bad_specversion,  // CloudEvents specversion absent or other than 1.0
  bad_attribute,    // id or source is not UTF-8 text without U+0000, so no table can hold it
  unknown_type,     // no handler is registered for this type
  unsupported_content_type,  // content type absent or neither Protobuf nor JSON
  no_value,                  // the record is a tombstone, the structured event has no data
  too_large,                 // the value is larger than the decoder allows
  bad_payload,               // the payload is not a message of its type
  unknown_field,             // it would be one but for fields that this schema does not have (JSON)
  bad_structured_event,  // content-type says application/cloudevents+json, the value is not such an
                         // event
};

constexpr std::string_view to_string(UndecodableCode code) noexcept {
  switch (code) {
    case UndecodableCode::missing_id:
      return "missing_id";
    case UndecodableCode::missing_source:
      return "missing_source";
    case UndecodableCode::missing_type:
      return "missing_type";
    case UndecodableCode::bad_specversion:
      return "bad_specversion";
    case UndecodableCode::bad_attribute:
      return "bad_attribute";
    case UndecodableCode::unknown_type:
      return "unknown_type";
    case UndecodableCode::unsupported_content_type:
      return "unsupported_content_type";
    case UndecodableCode::no_value:
      return "no_value";
    case UndecodableCode::too_large:
      return "too_large";
    case UndecodableCode::bad_payload:
      return "bad_payload";
    case UndecodableCode::unknown_field:
      return "unknown_field";
    case UndecodableCode::bad_structured_event:
      return "bad_structured_event";
  }
  return "impossible";
}

/// The record's end as a dead letter.
struct Undecodable {
  /// to_string() of an UndecodableCode.
  std::string code;
  /// Which header, type or field is wrong and what was expected. UTF-8, at most a few hundred
  /// bytes; names headers and attributes, never quotes a payload.
  std::string text;
  /// The message id, where it could still be read.
  std::optional<Uuid> id;
  /// The type as sent, where it could be read and is text of at most 256 bytes; otherwise empty.
  std::string type;
};

/// Whether a program with a newer schema may know better.
[[nodiscard]] inline bool is_perhaps_newer(const Undecodable& undecodable) {
  return undecodable.code == to_string(UndecodableCode::unknown_type) ||
         undecodable.code == to_string(UndecodableCode::unknown_field);
}

}  // namespace pawl::codec
