// The figures as pictures, for the README.
#pragma once

#include <string>

#include "bench/report.h"

namespace pawl::bench {

/// How near the commands come to the floor, and where the CPU time goes. Needs a floor.
[[nodiscard]] std::string floor_chart(const Report& report);

/// Commands a second for each value of each setting: medians, with the range of the runs.
[[nodiscard]] std::string sweep_chart(const SweepReport& report);

}  // namespace pawl::bench
