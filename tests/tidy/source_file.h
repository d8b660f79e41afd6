// A file of this repository as the rules see it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::tidy {

struct SourceFile {
  std::string path;                // relative to the repository, with slashes
  std::vector<std::string> lines;  // as written
  std::vector<std::string>
      code;  // C++: the same lines with comments and literals blanked; others: as written

  [[nodiscard]] bool under(std::string_view folder) const { return path.starts_with(folder); }
  [[nodiscard]] bool is_cpp() const { return path.ends_with(".h") || path.ends_with(".cc"); }
  [[nodiscard]] bool is_cmake() const {
    return path.ends_with("CMakeLists.txt") || path.ends_with(".cmake");
  }
};

/// A broken rule: where, what is wrong and what to write instead.
struct Fault {
  std::string path;
  std::size_t line;
  std::string text;
};

[[nodiscard]] SourceFile source_file(std::string path, std::string_view text);

}  // namespace pawl::tidy
