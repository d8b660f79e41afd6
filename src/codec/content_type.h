// How a payload is written.
#pragma once

#include <optional>
#include <string_view>

namespace pawl::codec {

enum class Encoding { protobuf, json };

/// Protobuf for `application/protobuf` and `application/x-protobuf`, JSON for `application/json`
/// and any `…+json`; case and parameters such as `; charset=utf-8` do not matter. Empty for
/// everything else. Thread-safe.
[[nodiscard]] std::optional<Encoding> encoding_of(std::string_view content_type) noexcept;

/// The media type alone: parameters and blanks cut off.
[[nodiscard]] std::string_view media_type_of(std::string_view content_type) noexcept;

}  // namespace pawl::codec
