// Dead letters as JSON, the same in all subcommands.
#pragma once

#include <nlohmann/json.hpp>

#include "pawl/dead_letters/reader.h"

namespace pawl::cli {

/// Everything but the key's bytes, headers and payload.
[[nodiscard]] nlohmann::ordered_json summary_json(const dead_letters::Letter& letter);
/// Bytes that may be text: the text, or {"base64": …}, or null.
[[nodiscard]] nlohmann::ordered_json bytes_json(const std::optional<std::string>& bytes);
/// One line; bytes that are no UTF-8 become '?'.
[[nodiscard]] std::string dumped(const nlohmann::ordered_json& json, int indent = -1);

/// Bytes for a terminal: the text, or 0x… when it is none or would steer the terminal; "-" when
/// there are none.
[[nodiscard]] std::string bytes_text(const std::optional<std::string>& bytes);

}  // namespace pawl::cli
