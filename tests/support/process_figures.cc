#include "support/process_figures.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace pawl::test {
namespace {

namespace fs = std::filesystem;

constexpr double kKibInMib = 1024;

int descriptors_of(const fs::path& process) {
  std::error_code gone;
  const fs::directory_iterator all{process / "fd", gone};
  return gone ? 0 : static_cast<int>(std::distance(begin(all), end(all)));
}

}  // namespace

ProcessFigures figures_of(pid_t process) {
  const fs::path folder = fs::path{"/proc"} / std::to_string(process);
  ProcessFigures figures{.descriptors = descriptors_of(folder)};
  std::ifstream status{folder / "status"};
  for (std::string line; std::getline(status, line);) {
    const auto value = [&line](std::string_view name) {
      return std::strtod(line.c_str() + name.size(), nullptr);
    };
    if (line.starts_with("VmRSS:")) figures.rss_mib = value("VmRSS:") / kKibInMib;
    if (line.starts_with("VmHWM:")) figures.peak_rss_mib = value("VmHWM:") / kKibInMib;
    if (line.starts_with("Threads:")) figures.threads = static_cast<int>(value("Threads:"));
  }
  return figures;
}

}  // namespace pawl::test
