// The files of this repository.
#pragma once

#include <filesystem>
#include <vector>

#include "tidy/source_file.h"

namespace pawl::tidy {

/// Every text file that people write here, sorted by path. Neither build folders nor caches nor
/// git's own files.
[[nodiscard]] std::vector<SourceFile> source_tree(const std::filesystem::path& root);

}  // namespace pawl::tidy
