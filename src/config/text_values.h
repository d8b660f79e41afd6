// Durations, sizes and TOML strings as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pawl/config/settings.h"

namespace pawl::config {

/// "100ms", "25s", "5min", "2h", "7d". Empty for anything else, for negative and for
/// unrepresentable values.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads back: "25s", not "25000ms".
[[nodiscard]] std::string format_duration(Duration value);

/// "512KiB", "1MiB", "2GiB", "100B" or a plain number of bytes. Empty for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text);

/// The shortest text that parse_size() reads back.
[[nodiscard]] std::string format_size(std::int64_t bytes);

/// A whole number in decimal, nothing before or after it.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

/// Without the blanks and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Quoted as TOML's basic string.
[[nodiscard]] std::string toml_quote(std::string_view text);

}  // namespace pawl::config
