#include "pawl/cli/moments.h"

#include <charconv>
#include <ctime>

#include "pawl/core/rfc3339.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kLongestAgo = 1'000'000;  // of any unit: more is a slip of the finger

std::optional<std::chrono::seconds> unit_of(char letter) {
  switch (letter) {
    case 's':
      return 1s;
    case 'm':
      return 60s;
    case 'h':
      return 3600s;
    case 'd':
      return 86'400s;
    default:
      return std::nullopt;
  }
}

std::optional<WallTime> ago(std::string_view text, WallTime now) {
  if (text.empty()) return std::nullopt;
  const auto unit = unit_of(text.back());
  std::int64_t number = 0;
  text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  if (!unit || error != std::errc{} || end != text.end() || number < 0 || number > kLongestAgo)
    return std::nullopt;
  return now - number * *unit;
}

std::optional<WallTime> absolute(const std::string& text) {
  for (const char* form : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}) {
    std::tm fields{};
    const char* const end = strptime(text.c_str(), form, &fields);
    if (end == nullptr || *end != '\0') continue;
    return WallTime{std::chrono::seconds{timegm(&fields)}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<WallTime> parse_moment(std::string_view text, WallTime now) {
  if (const auto relative = ago(text, now)) return relative;
  return absolute(std::string(text));
}

std::string readable(WallTime time) {
  std::string text = rfc3339(time).substr(0, std::string_view("2026-11-22T08:30:00").size());
  text[std::string_view("2026-11-22").size()] = ' ';
  return text;
}

}  // namespace pawl::cli
