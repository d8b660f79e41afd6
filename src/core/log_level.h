// How loud a log line is. The same words in `log.level` and in the lines.
#pragma once

#include <array>
#include <string_view>

namespace pawl {

enum class LogLevel { debug, info, warning, error };

inline constexpr std::array kLogLevels{
    LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error};

constexpr std::string_view to_string(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "impossible";
}

}  // namespace pawl
