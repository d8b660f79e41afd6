// Small helpers for text that comes from outside and goes into databases, logs and errors.
#pragma once

#include <string>
#include <string_view>

namespace pawl::codec {

/// Whether `bytes` are UTF-8 without U+0000: what PostgreSQL's text and jsonb can hold.
[[nodiscard]] bool is_text(std::string_view bytes) noexcept;

/// `bytes` if they are text; otherwise each byte that is not ASCII, and each U+0000, as '?'.
[[nodiscard]] std::string as_text(std::string_view bytes);

/// `bytes` between quotation marks for an error message: at most 100 bytes, anything but printable
/// ASCII as '?'.
[[nodiscard]] std::string in_quotes(std::string_view bytes);

/// At most `bytes_max` bytes of a UTF-8 text, cut between characters.
[[nodiscard]] std::string_view cut_text(std::string_view text, std::size_t bytes_max) noexcept;

/// ASCII only; other bytes must be equal.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Base64 (RFC 4648 §4, with padding).
[[nodiscard]] std::string base64_encoded(std::string_view bytes);
/// False when `text` is not base64 with padding; `bytes` is then unspecified.
[[nodiscard]] bool base64_decoded(std::string_view text, std::string& bytes);

}  // namespace pawl::codec
