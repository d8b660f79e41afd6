// Record headers as JSON: how dead letters and parked commands keep them in a table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/core/record.h"

namespace pawl::codec {

/// A JSON array with one `[name, value]` per header, in order, repeats included. A value is its
/// text, {"base64": …} when it is not UTF-8 or holds U+0000 (which jsonb cannot), or null when
/// Kafka holds none. Kafka's names are text; in one that is not, wrong bytes become '?'.
/// Thread-safe.
[[nodiscard]] std::string headers_json(std::span<const Header> headers);

/// Headers that own their bytes.
struct OwnedHeader {
  std::string name;
  std::optional<std::string> value;
};

/// The reverse of headers_json(). Throws std::invalid_argument for any other text. Thread-safe.
[[nodiscard]] std::vector<OwnedHeader> headers_of_json(std::string_view json);

}  // namespace pawl::codec
