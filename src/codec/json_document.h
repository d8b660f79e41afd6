// JSON from outside, read with bounds. For this folder only: includes nlohmann.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace pawl::codec {

/// The document, or empty when `text` is not JSON or nests deeper than 100 levels (writing a
/// document again is recursive: a value of brackets alone would exhaust the stack). Thread-safe.
[[nodiscard]] std::optional<nlohmann::json> read_json(std::string_view text);

}  // namespace pawl::codec
