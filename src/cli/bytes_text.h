// Bytes that came from outside, for a terminal.
#pragma once

#include <optional>
#include <string>

namespace pawl::cli {

/// The text, or 0x… when it is none or would steer the terminal; "-" when there are none.
[[nodiscard]] std::string bytes_text(const std::optional<std::string>& bytes);

}  // namespace pawl::cli
