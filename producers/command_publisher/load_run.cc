#include "command_publisher/load_run.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace command_publisher {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kChunk = 256;  // records between two looks at the clock
constexpr auto kReportEvery = 100ms;
constexpr auto kTick = 1ms;  // the longest wait while behind nobody but the rate

}  // namespace

LoadRun::LoadRun(LoadPlan plan, Parts parts)
    : plan_(plan),
      parts_(std::move(parts)),
      begun_(parts_.clock.now()),
      mix_begun_(begun_),
      reported_(begun_) {}

bool LoadRun::open_accounts() {
  while (parts_.generator.opening()) {
    const std::uint64_t chunk = std::min(kChunk, room());
    for (std::uint64_t i = 0; i < chunk && parts_.generator.opening(); ++i) {
      const pawl::WallTime now = parts_.clock.wall();
      parts_.sink(parts_.generator.next(now), now);
    }
    report(parts_.clock.now());
    if (parts_.pause(chunk == 0 ? kTick : 0ms)) return false;
  }
  return true;
}

void LoadRun::run() {
  mix_begun_ = parts_.clock.now();
  while (true) {
    const pawl::SteadyTime now = parts_.clock.now();
    if (finished(now)) break;
    const std::uint64_t chunk = std::min({due(now), kChunk, room()});
    send(chunk);
    report(now);
    if (parts_.pause(chunk == 0 ? kTick : 0ms)) break;
  }
}

std::uint64_t LoadRun::due(pawl::SteadyTime now) const {
  std::uint64_t due = std::numeric_limits<std::uint64_t>::max();
  if (plan_.per_second > 0) {
    const std::chrono::duration<double> elapsed = now - mix_begun_;
    const auto by_now = static_cast<std::uint64_t>(elapsed.count() * plan_.per_second);
    due = by_now > sent_ ? by_now - sent_ : 0;
  }
  return plan_.count > 0 ? std::min(due, plan_.count - sent_) : due;
}

bool LoadRun::finished(pawl::SteadyTime now) const {
  if (plan_.count > 0 && sent_ >= plan_.count) return true;
  return plan_.duration > 0ms && now - mix_begun_ >= plan_.duration;
}

void LoadRun::send(std::uint64_t records) {
  const pawl::WallTime now = parts_.clock.wall();
  for (std::uint64_t i = 0; i < records; ++i) parts_.sink(parts_.generator.next(now), now);
  sent_ += records;
}

void LoadRun::report(pawl::SteadyTime now) {
  if (!parts_.progress || now - reported_ < kReportEvery) return;
  reported_ = now;
  parts_.progress({parts_.generator.counts(), sent_, now - begun_});
}

std::uint64_t LoadRun::room() const {
  return parts_.room ? parts_.room() : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace command_publisher
