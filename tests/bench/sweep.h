// One setting after the other is varied around the others' values, to see what each is good for.
#pragma once

#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/options.h"

namespace pawl::bench {

struct SweepPoint {
  std::int64_t value;
  bool usual;  // the value that the other series keep
  Options options;
  std::vector<RunFigures> runs{};  // none in a plan
};

struct SweepSeries {
  std::string name;   // "in_flight", as in the JSON file
  std::string title;  // for people
  std::vector<SweepPoint> points;
};

/// Without runs. Points with small batches get fewer commands, so that each takes seconds.
[[nodiscard]] std::vector<SweepSeries> plan_sweep(const Options& options);

}  // namespace pawl::bench
