// One run: the list of verbs.
#pragma once

#include "bench/figures.h"
#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/progress.h"
#include "bench/servers.h"

namespace pawl::bench {

/// What every part of a run may look at.
struct Bench {
  Servers& servers;
  const Options& options;
  const Interrupt& interrupt;
  const Progress& progress;
};

/// `name`: of its database and topics, another one for each run; `seed`: of its commands, small.
/// Throws when it cannot be brought to its end; checks that fail are in the figures.
[[nodiscard]] RunFigures run_once(const Bench& bench, const std::string& name, int seed);

}  // namespace pawl::bench
