#include "pawl/observe/log_text.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <iterator>

namespace pawl::observe {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// Length of the valid UTF-8 sequence (RFC 3629) at the start of `text`; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

void append_control(std::string& line, char c) {
  switch (c) {
    case '\n': line += "\\n"; break;
    case '\r': line += "\\r"; break;
    case '\t': line += "\\t"; break;
    default: fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

void append_number(std::string& line, double value) {
  // JSON has no word for them.
  if (!std::isfinite(value)) {
    line += std::isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
  } else {
    fmt::format_to(std::back_inserter(line), "{}", value);
  }
}

void append_value(std::string& line, const Field::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_json_text(line, *text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    append_number(line, *number);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    line += *flag ? "true" : "false";
  } else {
    fmt::format_to(std::back_inserter(line), "{}", std::get<std::int64_t>(value));
  }
}

bool is_bare(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\\' || c == '=' || c == 0x7f ||
        static_cast<unsigned char>(c) >= 0x80) {
      return false;
    }
  }
  return !text.empty() && text.size() <= kTextBytesMax;
}

}  // namespace

void append_time(std::string& line, WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  fmt::format_to(std::back_inserter(line),
                 "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()),
                 clock.hours().count(),
                 clock.minutes().count(),
                 clock.seconds().count(),
                 clock.subseconds().count());
}

void append_json_text(std::string& line, std::string_view text) {
  line += '"';
  std::string_view rest = text;
  while (!rest.empty()) {
    if (text.size() - rest.size() >= kTextBytesMax) {
      line += kEllipsis;
      break;
    }
    const std::size_t length = sequence_length(rest);
    const char c = rest.front();
    if (length == 0) {
      line += kReplacement;
    } else if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      append_control(line, c);
    } else {
      line.append(rest.substr(0, length));
    }
    rest.remove_prefix(length == 0 ? 1 : length);
  }
  line += '"';
}

void append_json_fields(std::string& line, std::span<const Field> fields) {
  for (const Field& field : fields) {
    line += ',';
    append_json_text(line, field.name);
    line += ':';
    append_value(line, field.value);
  }
}

void append_plain_fields(std::string& line, std::span<const Field> fields) {
  for (const Field& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    const auto* text = std::get_if<std::string_view>(&field.value);
    if (text && is_bare(*text)) {
      line += *text;
    } else {
      append_value(line, field.value);
    }
  }
}

}  // namespace pawl::observe
