// The program around a consumer: options, configuration, signals, exit codes.

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "pawl/consumer/registration.h"
#include "pawl/consumer/settings_source.h"
#include "pawl/consumer/worker.h"
#include "pawl/core/version.h"

namespace pawl {
namespace {

constexpr int kWrongOptions = 64;  // sysexits.h
constexpr int kCannotStart = 1;
constexpr int kBroken = 70;

// Blocked before any thread starts, so that only wait() sees them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    signal(SIGPIPE, SIG_IGN);
  }
  int wait() const {
    int number = 0;
    sigwait(&set_, &number);
    return number;
  }

 private:
  sigset_t set_{};
};

// Ends the process when stopping takes longer than was promised: what is not committed then is done
// again by whoever comes next.
class Deadline {
 public:
  Deadline(std::chrono::milliseconds time, const observe::Log& log)
      : thread_([this, time, &log](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          if (wake_.wait_for(lock, stop, time, [] { return false; }) || stop.stop_requested())
            return;
          log.warn("shutdown.deadline has passed; leaving the rest to the next owner",
                   {{"deadline_ms", time.count()}});
          _exit(0);
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

int run_worker(const config::Settings& settings, const Registration& registration) {
  const StopSignals signals;
  const SystemClock clock;
  const observe::Log log{clock, {.level = settings.log.level}};
  try {
    Worker worker{settings, registration, log, [&log](const std::string& what) {
                    log.error("the process cannot go on", {{"what", what}});
                    _exit(kBroken);
                  }};
    worker.start();
    log.info("running",
             {{"consumer", settings.consumer.name},
              {"version", kVersion},
              {"admin_port", worker.admin_port()}});
    const int number = signals.wait();
    log.info("stopping", {{"signal", std::string_view(sigabbrev_np(number))}});
    const Deadline deadline{settings.shutdown.deadline, log};
    worker.stop();
    log.info("stopped");
    return 0;
  } catch (const Failure& failure) {
    log.error("cannot start",
              {{"code", failure.code()}, {"what", std::string_view(failure.what())}});
    return kCannotStart;
  }
}

}  // namespace

int run_consumer(const Registration& registration, int argc, char** argv) {
  CLI::App app{fmt::format(
      "{}: handles commands from Kafka, each once, in PostgreSQL transactions; emits events.",
      argv[0])};
  SettingsOptions options{app, registration.name};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongOptions;
  }
  const auto settings = options.load();
  if (!settings) return settings.error();
  return run_worker(*settings, registration);
}

}  // namespace pawl
