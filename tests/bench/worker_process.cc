#include "bench/worker_process.h"

#include <csignal>
#include <stdexcept>

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
  return settings;
}

}  // namespace

WorkerProcess::WorkerProcess(const Stage& stage, const Options& options)
    : process_(process_settings(stage, options)) {}

void WorkerProcess::require_running() {
  if (process_.running()) return;
  throw std::runtime_error("the worker ended by itself: " + process_.describe());
}

int WorkerProcess::stop(const Interrupt& interrupt) {
  process_.signal(SIGTERM);
  const SteadyTime deadline = std::chrono::steady_clock::now() + kStopDeadline;
  while (process_.running()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("the worker does not stop: " + process_.describe());
    }
    interrupt.pause(10ms);
  }
  return process_.wait();
}

}  // namespace pawl::bench
