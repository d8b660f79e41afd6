#include "bench/throughput.h"

#include <stdexcept>

#include "pawl/kafka/admin.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 100ms;
constexpr auto kSayEvery = 2s;
constexpr auto kStuckAfter = 60s;

std::uint64_t records_in(kafka::Admin& admin, const std::string& topic) {
  std::uint64_t count = 0;
  for (const auto& mark : admin.watermarks(topic)) {
    count += static_cast<std::uint64_t>(mark.high - mark.low);
  }
  return count;
}

}  // namespace

ThroughputRun::ThroughputRun(const Stage& stage, const Sent& sent)
    : stage_(stage), sent_(sent), before_(stage.servers().probe().sample()) {}

void ThroughputRun::await(Workers& workers, const Interrupt& interrupt, const Progress& progress) {
  kafka::Admin admin{stage_.servers().kafka()};
  SteadyTime moved = std::chrono::steady_clock::now();
  SteadyTime said = moved;
  std::uint64_t events = 0;
  const std::uint64_t expected = sent_.ids.size() + sent_.failing;
  while (events < expected) {
    workers.require_running();
    interrupt.pause(kLookEvery);
    const SteadyTime now = std::chrono::steady_clock::now();
    std::uint64_t seen = records_in(admin, stage_.events());
    if (sent_.failing > 0) seen += records_in(admin, stage_.dead_letters());
    if (seen > events) moved = now;
    events = seen;
    if (now - moved > kStuckAfter) {
      throw std::runtime_error("no new event for a minute: " + workers.describe());
    }
    if (now - said < kSayEvery) continue;
    said = now;
    progress.say(fmt::format("  {} of {} commands have ended", events, expected));
  }
  after_ = stage_.servers().probe(workers.pids()).sample();
}

ThroughputFigures ThroughputRun::figures(const EventLog& events) const {
  const auto commands = static_cast<double>(sent_.records - sent_.parked);
  const auto us_each = [commands](CpuTime time) { return time.count() * 1e6 / commands; };
  const std::chrono::duration<double> elapsed = events.last_effect - events.first_effect;
  return {.commands_per_second = elapsed.count() > 0 ? commands / elapsed.count() : 0,
          .worker_us = us_each(after_.workers - before_.workers),
          .postgres_us = us_each(after_.postgres - before_.postgres),
          .broker_us = us_each(after_.broker - before_.broker),
          .others_cores = cores_of_others(before_, after_)};
}

}  // namespace pawl::bench
