// The program that is measured, as a child of the benchmark.
#pragma once

#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/stage.h"
#include "support/process.h"

namespace pawl::bench {

/// pawl-ledger with its defaults but for what the options and the stage say. Runs from
/// construction; killed by the destructor if it was not stopped. Main thread.
class WorkerProcess {
 public:
  WorkerProcess(const Stage& stage, const Options& options);

  [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }

  /// Throws std::runtime_error with its last words when it has ended by itself.
  void require_running();

  /// SIGTERM and the wait for its end; its exit code, which is 0 after a clean end.
  int stop(const Interrupt& interrupt);

  /// Its command line and last lines, for messages.
  [[nodiscard]] std::string describe() { return process_.describe(); }

 private:
  test::Process process_;
};

}  // namespace pawl::bench
