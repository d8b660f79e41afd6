// Payloads for people, by the name of their type alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::codec {

/// A Protobuf message as JSON, indented. Empty when this program has no type of that full name, or
/// the bytes are no such message. Thread-safe.
[[nodiscard]] std::optional<std::string> known_message_json(std::string_view type,
                                                            std::string_view bytes);

}  // namespace pawl::codec
