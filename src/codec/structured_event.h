// CloudEvents' structured mode: envelope and data together in one JSON object.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "pawl/codec/event_attributes.h"
#include "pawl/codec/message_arena.h"

namespace pawl::codec {

struct StructuredEvent {
  EventAttributes attributes;  // content_type: application/json when the event does not say
  std::optional<std::string_view> payload;  // bytes of `data_base64`, or `data` written as JSON
};

/// Reads a JSON event (CloudEvents JSON format 1.0). Its texts are kept in the arena. Attributes
/// that Pawl does not use (dataschema, subject, extensions) are passed over. The error says what is
/// wrong without quoting. Thread-safe.
[[nodiscard]] std::expected<StructuredEvent, std::string> read_structured(std::string_view value,
                                                                          MessageArena& arena);

}  // namespace pawl::codec
