// Dead letters as JSON, the same wherever they are printed, exported or archived.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "pawl/dead_letters/reader.h"

namespace pawl::dead_letters {

/// Everything but headers and payload.
[[nodiscard]] nlohmann::ordered_json summary_json(const Letter& letter);
/// Bytes that may be text: the text, or {"base64": …}, or null.
[[nodiscard]] nlohmann::ordered_json bytes_json(const std::optional<std::string>& bytes);
/// One line; bytes that are no UTF-8 become '?'.
[[nodiscard]] std::string dumped(const nlohmann::ordered_json& json, int indent = -1);

/// A letter that was read whole, as one line without its end: what `pawl dead export` prints and
/// an archive holds.
[[nodiscard]] std::string export_line(const Letter& letter);

}  // namespace pawl::dead_letters
