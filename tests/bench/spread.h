// Several runs' values of one figure.
#pragma once

#include <functional>
#include <vector>

#include "bench/figures.h"

namespace pawl::bench {

struct Spread {
  double median = 0, min = 0, max = 0;
};

/// Of an even number of values the lower one of the middle. `values` is not empty.
[[nodiscard]] Spread spread_of(std::vector<double> values);

/// A figure's name in the JSON file, and how to get it. Runs without latency or floor have none of
/// those.
struct Figure {
  const char* group;  // "cpu_us_per_command", or empty: stands alone
  const char* name;
  const char* label;
  int decimals;
  std::function<double(const RunFigures&)> of;
};

/// What the runs have besides throughput.
struct Measured {
  bool latency = false;
  bool floor = false;
  bool compared = false;
};

/// All figures of a run, in the order to be read.
[[nodiscard]] std::vector<Figure> figures_to_report(const Measured& measured);

[[nodiscard]] Spread spread_of(const Figure& figure, const std::vector<RunFigures>& runs);

}  // namespace pawl::bench
