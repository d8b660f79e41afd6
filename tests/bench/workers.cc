#include "bench/workers.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>

#include "bench/measure_cpu.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kStopDeadline = 60s;

test::ProcessSettings process_settings(const Stage& stage, const Options& options) {
  test::ProcessSettings settings;
  settings.command = {options.worker.string()};
  settings.environment = {
      {"PAWL_KAFKA__BROKERS", stage.servers().kafka().brokers},
      {"PAWL_DATABASE__URL", stage.database_url()},
      {"PAWL_CONSUMER__NAME", "ledger"},
      {"PAWL_CONSUMER__COMMANDS_TOPIC", stage.commands()},
      {"PAWL_CONSUMER__EVENTS_TOPIC", stage.events()},
      {"PAWL_CONSUMER__DEAD_LETTER_TOPIC", stage.dead_letters()},
      {"PAWL_ENGINE__IN_FLIGHT", std::to_string(options.in_flight)},
      {"PAWL_BATCH__MAX_COMMANDS", std::to_string(options.batch)},
      {"PAWL_ADMIN__LISTEN", "127.0.0.1:0"},
  };
  // What is measured is how the guilty are found, not how long their lanes wait for the next try.
  if (options.workload.failing_every > 0) {
    settings.environment["PAWL_RETRY__HANDLER__ATTEMPTS_MAX"] = "1";
    settings.environment["PAWL_RETRY__DATABASE__ATTEMPTS_MAX"] = "1";
  }
  return settings;
}

}  // namespace

Workers::Workers(const Stage& stage, const Options& options) {
  for (int i = 0; i < options.workload.processes; ++i) {
    processes_.emplace_back(process_settings(stage, options));
  }
}

std::vector<pid_t> Workers::pids() const {
  std::vector<pid_t> pids;
  for (const test::Process& process : processes_) pids.push_back(process.pid());
  return pids;
}

double Workers::peak_rss_mib() const {
  double most = 0;
  for (const pid_t pid : pids()) most = std::max(most, bench::peak_rss_mib(pid));
  return most;
}

void Workers::require_running() {
  for (test::Process& process : processes_) {
    if (!process.running()) {
      throw std::runtime_error("a worker ended by itself: " + process.describe());
    }
  }
}

int Workers::stop(const Interrupt& interrupt) {
  for (test::Process& process : processes_) process.signal(SIGTERM);
  const SteadyTime deadline = std::chrono::steady_clock::now() + kStopDeadline;
  int exit_code = 0;
  for (test::Process& process : processes_) {
    while (process.running()) {
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error("a worker does not stop: " + process.describe());
      }
      interrupt.pause(10ms);
    }
    if (exit_code == 0) exit_code = process.wait();
  }
  return exit_code;
}

std::string Workers::describe() {
  std::string text;
  for (test::Process& process : processes_) text += process.describe() + "\n";
  return text;
}

}  // namespace pawl::bench
