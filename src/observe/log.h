// Log lines: one line an event, JSON (DESIGN §8) or, for terminals, text.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "pawl/core/clock.h"
#include "pawl/core/log_level.h"

namespace pawl::observe {

/// A named value of a line. Names are those of DESIGN §8 where one fits: consumer topic partition
/// offset message_id command_type trace_id ending. Only views: a Field lives as long as the call
/// that it is written in.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, double, bool>;

  Field(std::string_view field_name, std::convertible_to<std::string_view> auto const& text)
      : name(field_name), value(std::string_view{text}) {}
  Field(std::string_view field_name, std::integral auto number)
      : name(field_name), value(static_cast<std::int64_t>(number)) {}
  Field(std::string_view field_name, std::floating_point auto number)
      : name(field_name), value(static_cast<double>(number)) {}
  Field(std::string_view field_name, bool flag) : name(field_name), value(flag) {}

  std::string_view name;
  Value value;
};

enum class LogFormat { json, text };

/// Takes one finished line, with its line end. Called by one thread at a time.
using LogWriter = std::function<void(std::string_view line)>;

/// Made by main and handed down by reference; copies and with() share level and writer.
/// Thread-safe. A line costs nothing but a comparison below the level. Never throws; a line that
/// cannot be written is lost.
class Log {
 public:
  struct Options {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::json;
    LogWriter writer{};  // empty: standard error
  };
  explicit Log(const Clock& clock, Options options);

  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const {
    if (enabled(LogLevel::debug)) write(LogLevel::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const {
    if (enabled(LogLevel::info)) write(LogLevel::info, message, fields);
  }
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const {
    if (enabled(LogLevel::warning)) write(LogLevel::warning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const {
    if (enabled(LogLevel::error)) write(LogLevel::error, message, fields);
  }
  /// For levels that are known at run time only, such as librdkafka's.
  void line(LogLevel level,
            std::string_view message,
            std::initializer_list<Field> fields = {}) const {
    if (enabled(level)) write(level, message, fields);
  }

  /// A log whose lines all carry these fields, too.
  [[nodiscard]] Log with(std::initializer_list<Field> fields) const;

  [[nodiscard]] bool enabled(LogLevel level) const noexcept;
  /// For this log and all that share with it.
  void set_level(LogLevel level) noexcept;

 private:
  struct Core;
  void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields) const;

  std::shared_ptr<Core> core_;
  std::string bound_;  // fields of with(), as they stand in the line
};

}  // namespace pawl::observe
