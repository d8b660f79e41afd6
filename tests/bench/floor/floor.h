// What this machine can do at all for a run's commands.
#pragma once

#include "bench/figures.h"
#include "bench/floor/recording.h"
#include "bench/run.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

/// The commands of a stage's topic without a worker: their SQL alone, their records alone, and both
/// at once. All that can be made beforehand is made by the constructor, so that measure() stands as
/// near to the worker's run as it can.
class Floor {
 public:
  /// Throws when the topic cannot be read or the databases not be made.
  Floor(const Bench& bench, const Stage& stage, const Sent& sent);

  /// Once. Throws when one of the three does not do the worker's work.
  [[nodiscard]] FloorFigures measure();

 private:
  const Bench& bench_;
  const Stage& stage_;
  Stage sql_, both_;  // each a database as the worker's at its start
  Recording recording_;
};

}  // namespace pawl::bench
