// Commands at a steady rate while a test does other things.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "crash/world.h"

namespace pawl::test {

/// From a thread of its own, until stop(): `per_second`, as long as no more than `ahead_max` wait
/// to be handled; so a machine that cannot hold the rate gets what it can. The world's accounts
/// must be open, and the world's produce() must rest meanwhile.
class SteadyLoad {
 public:
  SteadyLoad(World& world, double per_second, std::uint64_t ahead_max);
  ~SteadyLoad() { stop(); }
  /// All that was sent is acknowledged when it returns.
  void stop();

  /// How many records have ended, for ahead_max. Any thread.
  void consumed(std::uint64_t records) { consumed_ = records; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  void run(const std::stop_token& stop, double per_second, std::uint64_t ahead_max);

  World& world_;
  std::atomic<std::uint64_t> consumed_, sent_;
  std::jthread thread_;
};

}  // namespace pawl::test
