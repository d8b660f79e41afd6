#include "support/files.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace pawl::test {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string last_lines(std::string_view text, std::size_t count) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return {};
  auto begin = text.size();
  for (std::size_t line = 0; line < count && begin != std::string_view::npos && begin > 0; ++line) {
    begin = text.rfind('\n', begin - 1);
  }
  return std::string{begin == std::string_view::npos ? text
                                                     : text.substr(begin + (text[begin] == '\n'))} +
         "\n";
}

}  // namespace pawl::test
