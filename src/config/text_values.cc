#include "pawl/config/text_values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace pawl::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Largest first: the formatters take the first that divides.
constexpr std::array kTimeUnits{Unit{"d", 86'400'000},
                                Unit{"h", 3'600'000},
                                Unit{"min", 60'000},
                                Unit{"s", 1000},
                                Unit{"ms", 1}};
constexpr std::array kSizeUnits{
    Unit{"GiB", kGiB}, Unit{"MiB", kMiB}, Unit{"KiB", kKiB}, Unit{"B", 1}};

std::optional<std::int64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const auto split = text.find_first_not_of("0123456789");
  if (split == std::string_view::npos) return std::nullopt;
  const auto number = parse_integer(text.substr(0, split));
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (text.substr(split) != unit.name) continue;
    if (*number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

std::string format_with_unit(std::int64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return fmt::format("{}{}", value / unit.factor, unit.name);
    }
  }
  return fmt::format("{}{}", value, units.back().name);
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto value = parse_with_unit(text, kTimeUnits);
  return value ? std::optional{Duration{*value}} : std::nullopt;
}

std::string format_duration(Duration value) {
  return format_with_unit(value.count(), kTimeUnits);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  if (const auto bytes = parse_integer(text)) return bytes;
  return parse_with_unit(text, kSizeUnits);
}

std::string format_size(std::int64_t bytes) {
  return format_with_unit(bytes, kSizeUnits);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string toml_quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace pawl::config
