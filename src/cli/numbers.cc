#include "pawl/cli/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace pawl::cli {
namespace {

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number) || number < 0) return std::nullopt;
  return number;
}

std::string three_figures(double number, std::string_view unit) {
  return fmt::format("{:.{}f} {}", number, number < 9.95 ? 1 : 0, unit);
}

}  // namespace

std::string grouped(std::int64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string readable(std::chrono::duration<double> time) {
  const double seconds = time.count();
  if (seconds <= 0) return "0";
  if (seconds < 0.9995e-3) return three_figures(seconds * 1e6, "µs");
  if (seconds < 0.9995) return three_figures(seconds * 1e3, "ms");
  if (seconds < 119.5) return three_figures(seconds, "s");
  if (seconds < 7170) return three_figures(seconds / 60, "min");
  return three_figures(seconds / 3600, "h");
}

std::optional<double> parse_amount(std::string_view text) {
  if (text.ends_with("/s")) text.remove_suffix(2);
  double factor = 1;
  if (text.ends_with('k')) factor = 1e3;
  if (text.ends_with('M')) factor = 1e6;
  if (factor != 1) text.remove_suffix(1);
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  return *number * factor;
}

std::optional<double> parse_percent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  const auto number = parse_number(text);
  if (!number || *number > 100) return std::nullopt;
  return *number / 100;
}

}  // namespace pawl::cli
