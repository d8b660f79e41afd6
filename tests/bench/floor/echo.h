// The latency floor: what any consumer must do that writes a row for a command and publishes an
// event.
#pragma once

#include <exception>
#include <thread>

#include "bench/stage.h"

namespace pawl::bench {

/// Reads a stage's commands one by one; for each a transaction of one INSERT, and when that is
/// durable, an event. No batches, no handler, no outbox, no position: what remains are the way
/// through the broker twice and one commit. Thread inside, from construction to stop().
class Echo {
 public:
  /// `stage` outlives it.
  explicit Echo(const Stage& stage);

  /// Throws what ended the thread before.
  void stop();

 private:
  void run(const Stage& stage, const std::stop_token& stop);

  std::exception_ptr failure_;
  std::jthread thread_;
};

}  // namespace pawl::bench
