#include "bench/measure_cpu.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "support/files.h"

namespace pawl::bench {
namespace {

CpuTime from_ticks(double ticks) {
  return CpuTime{ticks / static_cast<double>(::sysconf(_SC_CLK_TCK))};
}

struct ProcessTimes {
  pid_t parent = 0;
  CpuTime own{};
  CpuTime ended_children{};
};

// /proc/PID/stat, see proc(5). The name in parentheses may hold anything, so the fields are counted
// from the last one.
std::optional<ProcessTimes> times_of(const std::string& process) {
  const std::string text = test::read_file("/proc/" + process + "/stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest{text.substr(name_end + 1)};
  std::string skipped;
  ProcessTimes times;
  rest >> skipped >> times.parent;                // fields 3 and 4
  for (int i = 5; i <= 13; ++i) rest >> skipped;  // up to cmajflt
  double user = 0, system = 0, children_user = 0, children_system = 0;
  if (!(rest >> user >> system >> children_user >> children_system)) return std::nullopt;
  times.own = from_ticks(user + system);
  times.ended_children = from_ticks(children_user + children_system);
  return times;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

CpuTime cpu_of(pid_t process) {
  const auto times = times_of(std::to_string(process));
  return times ? times->own : CpuTime{0};
}

CpuTime cpu_of_family(pid_t parent) {
  const auto own = times_of(std::to_string(parent));
  if (!own) return CpuTime{0};
  CpuTime sum = own->own + own->ended_children;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    const std::string name = entry.path().filename().string();
    if (!is_number(name)) continue;
    const auto child = times_of(name);
    if (child && child->parent == parent) sum += child->own + child->ended_children;
  }
  return sum;
}

CpuTime cpu_of_machine() {
  std::ifstream file{"/proc/stat"};
  std::string name;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0;
  file >> name >> user >> nice >> system >> idle >> waiting >> irq >> softirq >> stolen;
  return from_ticks(user + nice + system + irq + softirq + stolen);
}

double peak_rss_mib(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;  // kB
  }
  return 0;
}

double load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

CpuSample CpuProbe::sample() const {
  CpuTime all_workers{0};
  for (const pid_t worker : workers) all_workers += cpu_of(worker);
  return {.at = std::chrono::steady_clock::now(),
          .workers = all_workers,
          .postgres = cpu_of_family(postgres),
          .broker = cpu_of(broker),
          .bench = cpu_of(::getpid()),
          .machine = cpu_of_machine()};
}

double cores_of_others(const CpuSample& before, const CpuSample& after) {
  const auto ours = [](const CpuSample& sample) {
    return sample.workers + sample.postgres + sample.broker + sample.bench;
  };
  const CpuTime elapsed = after.at - before.at;
  const CpuTime others = after.machine - before.machine - (ours(after) - ours(before));
  return std::max(0.0, others / elapsed);
}

}  // namespace pawl::bench
