// The figures for people, and for programs.
#pragma once

#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/options.h"
#include "bench/spread.h"
#include "bench/sweep.h"

namespace pawl::bench {

struct Report {
  const Options& options;
  Conditions conditions;
  std::vector<RunFigures> runs;  // at least one
};

/// What the runs have.
[[nodiscard]] inline Measured measured(const Options& options) {
  return {.latency = options.latency, .floor = options.floor, .compared = options.compare};
}

struct SweepReport {
  const Options& options;
  Conditions conditions;
  std::vector<SweepSeries> series;  // at least one run a point
};

/// One table, and what did not hold.
[[nodiscard]] std::string as_text(const Report& report);
[[nodiscard]] std::string as_text(const SweepReport& report);

/// Medians under the figures' names; the single runs and their spread beside them.
[[nodiscard]] std::string as_json(const Report& report);
[[nodiscard]] std::string as_json(const SweepReport& report);

}  // namespace pawl::bench
