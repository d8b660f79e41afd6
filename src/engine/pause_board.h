// What operators have paused, on its way from whoever reads it to the engines of the process.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

#include "pawl/core/pause.h"

namespace pawl::engine {

/// Thread-safe. Outlives the engines that look at it.
class PauseBoard {
 public:
  static constexpr std::uint64_t kNothingRead = 0;

  /// These stand now, and all others are over. Those who look find a new version only if something
  /// has changed. Returns whether it has.
  bool publish(Pauses pauses) {
    const std::scoped_lock lock(mutex_);
    if (version_ != kNothingRead && pauses == pauses_) return false;
    pauses_ = std::move(pauses);
    ++version_;
    return true;
  }
  /// An atomic read: cheap enough for every turn of a loop.
  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
  /// As of that version or a later one.
  [[nodiscard]] Pauses read() const {
    const std::scoped_lock lock(mutex_);
    return pauses_;
  }

 private:
  mutable std::mutex mutex_;
  std::atomic<std::uint64_t> version_{kNothingRead};
  Pauses pauses_;
};

}  // namespace pawl::engine
