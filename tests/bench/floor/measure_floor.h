// What this machine can do at all for a run's commands.
#pragma once

#include "bench/figures.h"
#include "bench/run.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

/// Measured on the commands that are in the stage's topic: their SQL alone, their records alone,
/// and both at once, each on a fresh database as the worker's. Throws when one of them does not do
/// the worker's work.
[[nodiscard]] FloorFigures measure_floor(const Bench& bench,
                                         const Stage& stage,
                                         const Sent& sent,
                                         int number);

}  // namespace pawl::bench
