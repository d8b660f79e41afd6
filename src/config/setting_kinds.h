// The types that a setting may have: how a found value becomes a member's value, what is allowed,
// how it prints. Internal to config.
#pragma once

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pawl/config/found.h"
#include "pawl/config/text_values.h"

namespace pawl::config::kinds {

struct Flag {
  using Value = bool;
  static std::string expected() { return "true or false"; }
  static std::optional<bool> parse(const RawValue& raw) {
    if (const auto* flag = std::get_if<bool>(&raw)) return *flag;
    if (const auto* untyped = std::get_if<Untyped>(&raw)) {
      if (untyped->text == "true") return true;
      if (untyped->text == "false") return false;
    }
    return std::nullopt;
  }
  static std::string print(bool value) { return value ? "true" : "false"; }
};

struct Count {
  std::int64_t min;
  std::int64_t max;
  [[nodiscard]] std::string expected() const {
    return fmt::format("a whole number from {} to {}", min, max);
  }
  [[nodiscard]] std::optional<std::int64_t> parse(const RawValue& raw) const {
    const auto number = integer_of(raw);
    return number && *number >= min && *number <= max ? number : std::nullopt;
  }
  static std::string print(std::int64_t value) { return fmt::to_string(value); }
};

struct Size {
  std::int64_t min;
  std::int64_t max;
  [[nodiscard]] std::string expected() const {
    return fmt::format("a size from \"{}\" to \"{}\" (units B, KiB, MiB, GiB) or a number of bytes",
                       format_size(min),
                       format_size(max));
  }
  [[nodiscard]] std::optional<std::int64_t> parse(const RawValue& raw) const {
    auto bytes = integer_of(raw);
    if (const auto* text = text_of(raw); !bytes && text) bytes = parse_size(*text);
    return bytes && *bytes >= min && *bytes <= max ? bytes : std::nullopt;
  }
  static std::string print(std::int64_t value) { return toml_quote(format_size(value)); }
};

struct Time {
  Duration min;
  Duration max;
  [[nodiscard]] std::string expected() const {
    return fmt::format("a duration from \"{}\" to \"{}\" (units ms, s, min, h, d)",
                       format_duration(min),
                       format_duration(max));
  }
  [[nodiscard]] std::optional<Duration> parse(const RawValue& raw) const {
    const auto* text = text_of(raw);
    const auto value = text ? parse_duration(*text) : std::nullopt;
    return value && *value >= min && *value <= max ? value : std::nullopt;
  }
  static std::string print(Duration value) { return toml_quote(format_duration(value)); }
};

struct Text {
  bool (*valid)(std::string_view);
  std::string_view what;
  [[nodiscard]] std::string expected() const { return std::string{what}; }
  [[nodiscard]] std::optional<std::string> parse(const RawValue& raw) const {
    const auto* text = text_of(raw);
    return text && valid(*text) ? std::optional{*text} : std::nullopt;
  }
  static std::string print(const std::string& value) { return toml_quote(value); }
};

struct SecretText {
  bool (*valid)(std::string_view);
  std::string_view what;
  [[nodiscard]] std::string expected() const { return std::string{what}; }
  [[nodiscard]] std::optional<Secret> parse(const RawValue& raw) const {
    const auto* text = text_of(raw);
    return text && valid(*text) ? std::optional{Secret{*text}} : std::nullopt;
  }
  static std::string print(const Secret& value) { return toml_quote(value.empty() ? "" : kStars); }
};

/// One of a closed set of words.
template <class Enum, std::size_t N>
struct Word {
  std::array<std::pair<std::string_view, Enum>, N> words;
  [[nodiscard]] std::string expected() const {
    std::string list = "one of";
    for (std::size_t i = 0; i < N; ++i) {
      list += fmt::format("{} \"{}\"", i == 0 ? "" : ",", words[i].first);
    }
    return list;
  }
  [[nodiscard]] std::optional<Enum> parse(const RawValue& raw) const {
    const auto* text = text_of(raw);
    for (const auto& [word, value] : words) {
      if (text && *text == word) return value;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string print(Enum value) const {
    for (const auto& [word, candidate] : words) {
      if (candidate == value) return toml_quote(word);
    }
    return "impossible";
  }
};

}  // namespace pawl::config::kinds
