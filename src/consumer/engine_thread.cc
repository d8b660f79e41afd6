#include "pawl/consumer/engine_thread.h"

#include "pawl/consumer/crash_report.h"
#include "pawl/core/thread_name.h"
#include "pawl/observe/stack.h"

namespace pawl {

EngineThread::EngineThread(Parts parts)
    : parts_(std::move(parts)),
      metrics_(parts_.metrics, {parts_.settings.consumer, parts_.command_types, parts_.number}),
      store_(parts_.connection, parts_.settings.consumer, parts_.owner),
      engine_(parts_.settings,
              {.store = store_,
               .intake = parts_.intake,
               .domain = *parts_.domain,
               .decoder = parts_.decoder,
               .metrics = metrics_,
               .log = parts_.log,
               .clock = parts_.clock,
               .circuits = parts_.circuits,
               .seed = parts_.seed,
               .on_committed = parts_.on_committed,
               .pauses = &parts_.pauses}) {}

void EngineThread::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    name_this_thread("pawl engine");
    const CrashReportOfThread report(engine_.handling());
    try {
      run(stop);
    } catch (const std::exception& error) {
      parts_.on_broken(std::string("an engine ended by an exception, which is a bug: ") +
                       error.what());
    }
  });
}

void EngineThread::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { store_.wake(); });
  while (!stop.stop_requested()) {
    if (!engine_.step()) store_.wait(engine_.idle_for());
  }
}

std::string EngineThread::stack() {
  return observe::stack_of(thread_.native_handle());
}

void EngineThread::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace pawl
