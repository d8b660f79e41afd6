// Which field of a command is its ordering key.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::cli {

/// Full Protobuf name -> name of the field as in the .proto file. Written by main, which knows the
/// domain.
using KeyFields = std::map<std::string, std::string, std::less<>>;

/// The key that a command's JSON implies: the field by its own or its JSON name, a text or a
/// number. Empty when the type has no such field, or the JSON does not give it. Pure.
[[nodiscard]] std::optional<std::string> key_of(std::string_view type,
                                                std::string_view json,
                                                const KeyFields& fields);

}  // namespace pawl::cli
