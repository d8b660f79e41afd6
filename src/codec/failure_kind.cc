#include "pawl/codec/failure_kind.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cinttypes>
#include <cstdio>

#include "pawl/codec/fingerprint.h"

namespace pawl::codec {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Of a word, an id or a number. Bytes of UTF-8 characters count, too.
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// Length of what stands between quotation marks, with them; 0: nothing is quoted here. An
// apostrophe inside a word is none.
std::size_t quoted(std::string_view text, std::size_t at) {
  const char mark = text[at];
  if (mark != '"' && mark != '\'' && mark != '`') return 0;
  if (at > 0 && is_word(text[at - 1])) return 0;
  const std::size_t end = text.find(mark, at + 1);
  return end == std::string_view::npos ? 0 : end + 1 - at;
}

std::string_view word(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

}  // namespace

std::string without_particulars(std::string_view text) {
  std::string kind;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t length = quoted(text, at)) {
      kind += '#';
      at += length;
    } else if (const std::string_view part = word(text, at); !part.empty()) {
      kind += std::ranges::any_of(part, is_digit) ? "#" : part;
      at += part.size();
    } else {
      kind += text[at++];
    }
  }
  return kind;
}

std::int64_t failure_fingerprint(std::string_view failure_class,
                                 std::string_view code,
                                 std::string_view text) {
  std::string kind(failure_class);
  kind.append(1, '\0').append(code).append(1, '\0').append(without_particulars(text));
  return fingerprint(kind);
}

std::string fingerprint_text(std::int64_t fingerprint) {
  std::array<char, 17> digits{};
  std::snprintf(
      digits.data(), digits.size(), "%016" PRIx64, std::bit_cast<std::uint64_t>(fingerprint));
  return digits.data();
}

}  // namespace pawl::codec
