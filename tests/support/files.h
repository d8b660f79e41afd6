// Whole files as texts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pawl::test {

/// Empty when there is no such file.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);
/// Throws std::runtime_error naming the path.
void write_file(const std::filesystem::path& path, std::string_view text);
/// The last `count` lines, each ending with a newline.
[[nodiscard]] std::string last_lines(std::string_view text, std::size_t count);

}  // namespace pawl::test
