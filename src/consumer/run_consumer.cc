// The program around a consumer: options, configuration, signals, exit codes.

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "pawl/consumer/crash_report.h"
#include "pawl/consumer/policies.h"
#include "pawl/consumer/registration.h"
#include "pawl/consumer/settings_source.h"
#include "pawl/consumer/worker.h"
#include "pawl/core/version.h"

namespace pawl {
namespace {

constexpr int kWrongOptions = 64;  // sysexits.h
constexpr int kCannotStart = 1;
constexpr int kBroken = 70;

// SIGTERM and SIGINT, whenever they come. Blocked before any thread starts, so that only the thread
// in here sees them: it says so, and ends the process when that takes longer than was promised, be
// it because something does not stop or because it is still waited for at the start. What is not
// committed then is done again by whoever comes next.
class StopSignals {
 public:
  StopSignals(std::chrono::milliseconds deadline, const observe::Log& log)
      : deadline_(deadline), log_(log) {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    signal(SIGPIPE, SIG_IGN);
    thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
  }
  ~StopSignals() {
    thread_.request_stop();
    pthread_kill(thread_.native_handle(), SIGTERM);  // if it still waits for one
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Returns when one has come.
  void wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return came_; });
  }

 private:
  void watch(const std::stop_token& stop) {
    int number = 0;
    sigwait(&set_, &number);
    if (stop.stop_requested()) return;
    log_.info("stopping", {{"signal", std::string_view(sigabbrev_np(number))}});
    std::unique_lock lock(mutex_);
    came_ = true;
    wake_.notify_all();
    if (wake_.wait_for(lock, stop, deadline_, [] { return false; }) || stop.stop_requested())
      return;
    log_.warn("shutdown.deadline has passed; leaving the rest to the next owner",
              {{"deadline_ms", deadline_.count()}});
    _exit(0);
  }
  std::chrono::milliseconds deadline_;
  const observe::Log& log_;
  sigset_t set_{};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool came_ = false;
  std::jthread thread_;
};

int run_worker(const config::Settings& settings, const Registration& registration) {
  const SystemClock clock;
  const observe::Log log{clock, {.level = settings.log.level}};
  report_crashes();
  StopSignals signals{settings.shutdown.deadline, log};
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
    signals.wait();
    worker.stop();
    log.info("stopped");
    // Nothing is left to do; but librdkafka 2.0.2 waits for ever in rd_kafka_destroy() when a
    // partition that it read was deleted.
    _exit(0);
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
  SettingsOptions options{app, defaults_of(registration)};
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
