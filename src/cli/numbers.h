// Numbers and times as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::cli {

/// 1234567 -> "1,234,567"
[[nodiscard]] std::string grouped(std::int64_t number);
/// "420 µs", "3.2 ms", "12 s", "3 min", "2.1 h"; three figures at most.
[[nodiscard]] std::string readable(std::chrono::duration<double> time);

/// "50000", "50k", "1.5M", each with an optional "/s": a number of things. Empty for anything else.
[[nodiscard]] std::optional<double> parse_amount(std::string_view text);
/// "5" or "5%": a share, 0…1. Empty for anything else or above 100.
[[nodiscard]] std::optional<double> parse_percent(std::string_view text);

}  // namespace pawl::cli
