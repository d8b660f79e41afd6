// What this machine can do at all for a run's commands.
#pragma once

#include "bench/figures.h"
#include "bench/run.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

/// The commands of a stage's topic without a worker: their SQL and their records at once, each
/// alone, each on a database as the worker's at its start. Before the worker runs: then neither
/// finds what the other has left in the server's buffers. Throws when one of the three does not do
/// the worker's work.
[[nodiscard]] FloorFigures measure_floor(const Bench& bench, const Stage& stage, const Sent& sent);

}  // namespace pawl::bench
