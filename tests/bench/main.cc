// pawl-bench: the parts list.
#include <algorithm>
#include <cstdio>

#include "bench/charts.h"
#include "bench/checks.h"
#include "bench/measuring.h"
#include "support/files.h"

namespace pawl::bench {
namespace {

constexpr int kMeasured = 0;
constexpr int kFailed = 1;
constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells have it

bool counts(const std::vector<RunFigures>& runs) {
  return std::ranges::all_of(runs, [](const RunFigures& run) { return all_hold(run.checks); });
}

bool counts(const Report& report) {
  return counts(report.runs);
}

bool counts(const SweepReport& report) {
  for (const SweepSeries& series : report.series) {
    for (const SweepPoint& point : series.points) {
      if (!counts(point.runs)) return false;
    }
  }
  return true;
}

std::string chart_of(const Report& report) {
  return floor_chart(report);
}

std::string chart_of(const SweepReport& report) {
  return sweep_chart(report);
}

template <class Figures>
int report_on(const Figures& report) {
  fmt::print("{}", as_text(report));
  const Options& options = report.options;
  if (!options.json.empty()) test::write_file(options.json, as_json(report));
  if (!options.svg.empty()) test::write_file(options.svg, chart_of(report));
  return counts(report) ? kMeasured : kFailed;
}

int measure(const Options& options, const Interrupt& interrupt) {
  Measuring measuring{options, interrupt};
  return options.sweep ? report_on(measuring.sweep()) : report_on(measuring.run());
}

int interrupted() {
  fmt::print(stderr, "pawl-bench: interrupted; everything that was started is stopped\n");
  return kInterrupted;
}

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return options.error();
  const Interrupt interrupt;
  try {
    return measure(*options, interrupt);
  } catch (const Interrupted&) {
    return interrupted();
  } catch (const std::exception& error) {
    if (interrupt.pending()) return interrupted();
    fmt::print(stderr, "pawl-bench: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace
}  // namespace pawl::bench

int main(int argc, char** argv) {
  return pawl::bench::run(argc, argv);
}
