// Which failures are of one kind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pawl::codec {

/// A failure's text without what differs from command to command: words with a digit in them
/// (amounts, ids, times) and everything between quotation marks become '#'. Thread-safe.
[[nodiscard]] std::string without_particulars(std::string_view text);

/// Equal for failures of one kind: same class, same code, same text without particulars. Stable, as
/// fingerprint() is. Thread-safe.
[[nodiscard]] std::int64_t failure_fingerprint(std::string_view failure_class,
                                               std::string_view code,
                                               std::string_view text);

/// A fingerprint as people see and type it: 16 hexadecimal digits. Thread-safe.
[[nodiscard]] std::string fingerprint_text(std::int64_t fingerprint);

}  // namespace pawl::codec
