// pawl-soak: the parts list.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "soak/report.h"
#include "soak/run.h"
#include "support/files.h"

namespace pawl::soak {
namespace {

constexpr int kHolds = 0;
constexpr int kBroken = 1;
constexpr int kNotMade = 70;       // sysexits.h
constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells have it

int report_on(const Options& options, const Figures& figures) {
  const std::vector<Check> checks = judge(figures);
  fmt::print("{}", as_text(options, figures, checks));
  if (!options.json.empty()) test::write_file(options.json, as_json(options, figures, checks));
  return all_hold(checks) ? kHolds : kBroken;
}

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return options.error();
  cli::StopSignal stop;
  try {
    return report_on(*options, soak(*options, stop));
  } catch (const std::exception& error) {
    if (stop.stopped()) {
      fmt::print(stderr, "pawl-soak: interrupted; everything that was started is stopped\n");
      return kInterrupted;
    }
    fmt::print(stderr, "pawl-soak: {} (seed {})\n", error.what(), options->seed);
    return kNotMade;
  }
}

}  // namespace
}  // namespace pawl::soak

int main(int argc, char** argv) {
  return pawl::soak::run(argc, argv);
}
