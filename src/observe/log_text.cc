#include "pawl/observe/log_text.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <iterator>

namespace pawl::observe {
namespace {

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
