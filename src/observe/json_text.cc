#include "pawl/observe/json_text.h"

#include <spdlog/fmt/fmt.h>

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
    case '\n':
      line += "\\n";
      break;
    case '\r':
      line += "\\r";
      break;
    case '\t':
      line += "\\t";
      break;
    default:
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

/// Cut, with control characters and bytes that are no UTF-8 replaced; quotes only where they would
/// end a string.
void append_clean(std::string& line, std::string_view text, bool in_quotes) {
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
    } else if (in_quotes && (c == '"' || c == '\\')) {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      append_control(line, c);
    } else {
      line.append(rest.substr(0, length));
    }
    rest.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace

void append_json_text(std::string& line, std::string_view text) {
  line += '"';
  append_clean(line, text, true);
  line += '"';
}

void append_plain_text(std::string& line, std::string_view text) {
  append_clean(line, text, false);
}

}  // namespace pawl::observe
