// Text of any origin, made fit for one line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl::observe {

/// Longer texts are cut, with "…" at their end: a line must not carry a payload by accident.
inline constexpr std::size_t kTextBytesMax = 4096;

/// Appends `text` between quotes, as JSON wants it. Bytes that are no UTF-8 become U+FFFD.
void append_json_text(std::string& line, std::string_view text);

/// The same for terminals, without quotes: one line, and no escape sequences of somebody else's.
void append_plain_text(std::string& line, std::string_view text);

}  // namespace pawl::observe
