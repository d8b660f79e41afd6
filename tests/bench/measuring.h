// The whole of a benchmark: servers, warm-up, and as many runs as are wanted.
#pragma once

#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/progress.h"
#include "bench/report.h"
#include "bench/servers.h"

namespace pawl::bench {

/// Servers run from construction to destruction. Everything throws when something cannot be brought
/// to its end; checks that fail are in the figures. Main thread.
class Measuring {
 public:
  Measuring(const Options& options, const Interrupt& interrupt);

  /// options.runs runs.
  [[nodiscard]] Report run();
  /// Each point of the sweep options.runs times: round after round, so that a slow quarter of an
  /// hour hits all of them.
  [[nodiscard]] SweepReport sweep();

 private:
  void warm_up();
  RunFigures run_one(const Options& options, const std::string& name, int seed);
  RunFigures run_and_compare(int number);

  const Options& options_;
  const Interrupt& interrupt_;
  Progress progress_;
  Servers servers_;
};

}  // namespace pawl::bench
