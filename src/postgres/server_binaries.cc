#include "pawl/postgres/server_binaries.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "pawl/core/failure.h"

namespace pawl::postgres {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDebianRoot = "/usr/lib/postgresql";

bool has_programs(const fs::path& folder) {
  const auto executable = [&](const char* name) {
    return ::access((folder / name).c_str(), X_OK) == 0;
  };
  return !folder.empty() && executable("initdb") && executable("postgres");
}

std::string output_of(const char* command) {
  struct Close {
    void operator()(FILE* pipe) const noexcept { ::pclose(pipe); }
  };
  const std::unique_ptr<FILE, Close> pipe{::popen(command, "re")};
  std::string output;
  std::array<char, 256> part{};
  while (pipe && std::fgets(part.data(), part.size(), pipe.get())) output += part.data();
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

void add_path_folders(std::vector<fs::path>& folders) {
  const char* variable = std::getenv("PATH");
  const std::string path = variable ? variable : "";
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    folders.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
}

/// Newest version first.
void add_debian_folders(std::vector<fs::path>& folders) {
  std::vector<std::pair<int, fs::path>> versions;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kDebianRoot, ignored)) {
    versions.emplace_back(std::atoi(entry.path().filename().c_str()), entry.path() / "bin");
  }
  std::ranges::sort(versions, std::greater{});
  for (auto& [version, folder] : versions) folders.push_back(std::move(folder));
}

}  // namespace

fs::path find_server_binaries(const fs::path& wanted) {
  std::vector<fs::path> folders;
  if (wanted.empty()) {
    folders.emplace_back(output_of("pg_config --bindir 2>/dev/null"));
    add_path_folders(folders);
    add_debian_folders(folders);
  } else {
    folders.push_back(wanted);
  }
  const auto found = std::ranges::find_if(folders, has_programs);
  if (found != folders.end()) return *found;
  throw Failure(
      Remedy::give_up,
      "postgres_not_installed",
      "PostgreSQL's server programs initdb and postgres were not found in " +
          (wanted.empty() ? "pg_config's folder, PATH and " + std::string{kDebianRoot} + "/*/bin"
                          : wanted.string()) +
          "; install PostgreSQL 14 or newer (Debian: postgresql)");
}

}  // namespace pawl::postgres
