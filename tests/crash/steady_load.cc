#include "crash/steady_load.h"

#include <condition_variable>
#include <mutex>

#include "command_publisher/load_run.h"

namespace pawl::test {

SteadyLoad::SteadyLoad(World& world, double per_second, std::uint64_t ahead_max)
    : world_(world), consumed_(world.produced()), sent_(world.produced()) {
  thread_ = std::jthread([this, per_second, ahead_max](const std::stop_token& stop) {
    run(stop, per_second, ahead_max);
  });
}

void SteadyLoad::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void SteadyLoad::run(const std::stop_token& stop, double per_second, std::uint64_t ahead_max) {
  const SystemClock clock;
  std::mutex mutex;
  std::condition_variable_any wake;
  command_publisher::LoadRun load{
      {.per_second = per_second},
      {.generator = world_.generator(),
       .clock = clock,
       .sink =
           [&](const command_publisher::GeneratedRecord& record, WallTime now) {
             world_.send(record, now);
             sent_ = world_.produced();
           },
       .pause =
           [&](std::chrono::nanoseconds time) {
             std::unique_lock lock(mutex);
             wake.wait_for(lock, stop, time, [] { return false; });
             return stop.stop_requested();
           },
       .room =
           [&] {
             const std::uint64_t waiting = sent_ - std::min<std::uint64_t>(consumed_, sent_);
             return ahead_max - std::min(ahead_max, waiting);
           }}};
  load.run();
  world_.flush();
}

}  // namespace pawl::test
