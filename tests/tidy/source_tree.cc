#include "tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>

namespace pawl::tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::array kForeignFolders{"build", ".git", ".cache", ".vscode", ".idea"};
constexpr std::array kTextEndings{".h",
                                  ".cc",
                                  ".cmake",
                                  ".txt",
                                  ".proto",
                                  ".sql",
                                  ".md",
                                  ".toml",
                                  ".json",
                                  ".yml",
                                  ".yaml",
                                  ".xml",
                                  ".html",
                                  ".css",
                                  ".conf",
                                  ".sh",
                                  ".service"};

bool is_foreign(const fs::path& path) {
  return std::ranges::find(kForeignFolders, path.filename()) != kForeignFolders.end();
}

bool is_text(const fs::path& path) {
  return !path.has_extension() ||
         std::ranges::find(kTextEndings, path.extension()) != kTextEndings.end();
}

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

std::vector<SourceFile> source_tree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (auto entry = fs::recursive_directory_iterator{root}; entry != fs::end(entry); ++entry) {
    if (entry->is_directory() && is_foreign(entry->path())) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || !is_text(entry->path())) continue;
    files.push_back(
        source_file(fs::relative(entry->path(), root).generic_string(), read(entry->path())));
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

}  // namespace pawl::tidy
