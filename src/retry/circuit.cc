#include "pawl/retry/circuit.h"

#include <algorithm>
#include <utility>

namespace pawl {
namespace {

constexpr std::chrono::milliseconds kWhileProbing{100};

}  // namespace

Circuit::Circuit(std::string dependency, CircuitSettings settings, std::uint64_t seed)
    : dependency_(std::move(dependency)), settings_(settings), random_(seed) {}

std::optional<SteadyTime> Circuit::admit(SteadyTime now) {
  const std::scoped_lock lock(mutex_);
  if (!until_) return std::nullopt;
  if (probing_) return std::max(*until_, now + kWhileProbing);
  if (now < *until_) return until_;
  probing_ = true;
  return std::nullopt;
}

Circuit::Change Circuit::succeeded() {
  const std::scoped_lock lock(mutex_);
  if (until_ && !probing_) return Change::none;  // it was under way when the circuit opened
  failures_ = 0;
  note(false);
  if (!until_) return Change::none;
  until_.reset();
  probing_ = false;
  probes_ = 0;
  latest_.clear();
  next_ = 0;
  return Change::closed;
}

Circuit::Change Circuit::failed(std::string what, SteadyTime now, WallTime wall) {
  const std::scoped_lock lock(mutex_);
  what_ = std::move(what);
  if (until_) {
    if (std::exchange(probing_, false)) open_for(now);
    return Change::none;
  }
  ++failures_;
  note(true);
  if (!has_had_enough()) return Change::none;
  since_ = wall;
  open_for(now);
  return Change::opened;
}

bool Circuit::has_had_enough() const {
  if (failures_ >= settings_.failures_max) return true;
  const auto window = static_cast<std::size_t>(settings_.window);
  const auto bad = std::ranges::count(latest_, true);
  return latest_.size() == window && 100 * bad >= settings_.failure_percent * settings_.window;
}

void Circuit::note(bool failed) {
  if (latest_.size() < static_cast<std::size_t>(settings_.window)) {
    latest_.push_back(failed);
  } else {
    latest_[next_] = failed;
    next_ = (next_ + 1) % latest_.size();
  }
}

// Never at once: half of each wait is certain.
void Circuit::open_for(SteadyTime now) {
  const double jitter = std::uniform_real_distribution<>(0.5, 1)(random_);
  until_ = now + backoff_delay(settings_.probing, ++probes_, jitter);
}

std::optional<SteadyTime> Circuit::open_until() const {
  const std::scoped_lock lock(mutex_);
  return until_;
}

CircuitView Circuit::view() const {
  const std::scoped_lock lock(mutex_);
  if (!until_) return {.dependency = dependency_};
  return {.dependency = dependency_, .open = true, .since = since_, .what = what_};
}

}  // namespace pawl
