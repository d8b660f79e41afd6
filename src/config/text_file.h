// Small files read whole. Internal to config.
#pragma once

#include <expected>
#include <string>

namespace pawl::config {

/// The file's content, or why it cannot be had ("No such file or directory"). At most 1 MiB.
[[nodiscard]] std::expected<std::string, std::string> read_text_file(const std::string& path);

/// The same without line ends at its end; an empty secret is none.
[[nodiscard]] std::expected<std::string, std::string> read_secret_file(const std::string& path);

}  // namespace pawl::config
