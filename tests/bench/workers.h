// The program that is measured, as children of the benchmark.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/stage.h"
#include "support/process.h"

namespace pawl::bench {

/// As many pawl-ledger as the workload wants, with their defaults but for what the options and the
/// stage say. They run from construction; killed by the destructor if they were not stopped. Main
/// thread.
class Workers {
 public:
  Workers(const Stage& stage, const Options& options);

  [[nodiscard]] std::vector<pid_t> pids() const;
  /// The most memory that one of them ever held.
  [[nodiscard]] double peak_rss_mib() const;

  /// Throws std::runtime_error with its last words when one has ended by itself.
  void require_running();

  /// SIGTERM and the wait for their end; the first exit code that is not 0, or 0.
  int stop(const Interrupt& interrupt);

  /// Command lines and last lines, for messages.
  [[nodiscard]] std::string describe();

 private:
  std::list<test::Process> processes_;
};

}  // namespace pawl::bench
