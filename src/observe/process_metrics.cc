#include "pawl/observe/process_metrics.h"

#include <prometheus/metric_family.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace pawl::observe {
namespace {

void append(std::vector<prometheus::MetricFamily>& families,
            const char* name,
            const char* help,
            prometheus::MetricType type,
            double value) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  families.push_back({name, help, type, {metric}});
}

struct Stat {
  double cpu_ticks = 0;  // user and system
  double threads = 0;
  double start_ticks = 0;  // since boot
  double resident_pages = 0;
};

// man 5 proc, /proc/[pid]/stat. The program's name stands in parentheses and may hold spaces, so we
// count from its end.
std::optional<Stat> read_stat() {
  std::ifstream file{"/proc/self/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream fields{text.substr(end_of_name + 2)};
  std::string field;
  Stat stat;
  for (int number = 3; number <= 24 && fields >> field; ++number) {
    if (number == 14 || number == 15) stat.cpu_ticks += std::stod(field);
    if (number == 20) stat.threads = std::stod(field);
    if (number == 22) stat.start_ticks = std::stod(field);
    if (number == 24) stat.resident_pages = std::stod(field);
  }
  return fields ? std::optional{stat} : std::nullopt;
}

std::optional<double> boot_time_seconds() {
  std::ifstream file{"/proc/stat"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return std::nullopt;
}

std::optional<double> open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator folder{"/proc/self/fd", error};
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(folder), end(folder))) -
         1;  // without the folder's own
}

}  // namespace

void append_process_metrics(std::vector<prometheus::MetricFamily>& families) {
  using prometheus::MetricType;
  const double ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  if (const auto stat = read_stat()) {
    append(families,
           "process_cpu_seconds_total",
           "CPU time used by this process, user and system, in seconds",
           MetricType::Counter,
           stat->cpu_ticks / ticks_per_second);
    append(families,
           "process_resident_memory_bytes",
           "Resident memory in bytes",
           MetricType::Gauge,
           stat->resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)));
    append(
        families, "process_threads", "Threads of this process", MetricType::Gauge, stat->threads);
    if (const auto boot = boot_time_seconds()) {
      append(families,
             "process_start_time_seconds",
             "When this process started, in seconds since 1970",
             MetricType::Gauge,
             *boot + stat->start_ticks / ticks_per_second);
    }
  }
  if (const auto files = open_files()) {
    append(families, "process_open_fds", "Open file descriptors", MetricType::Gauge, *files);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    append(families,
           "process_max_fds",
           "File descriptors that may be open at most",
           MetricType::Gauge,
           static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace pawl::observe
