// From values to places on a chart's axis. Pure.
#pragma once

#include <string>
#include <vector>

namespace pawl::bench {

/// From 0 to at least `most`, in steps of 1, 2 or 5 times a power of ten: as many as come nearest
/// to `count`, which is at least 1. `most` that is not above 0 counts as 1.
[[nodiscard]] std::vector<double> ticks_up_to(double most, int count);

/// Values from 0 to `most` lie between two places; places may run either way.
struct Scale {
  double most = 1;
  double from = 0, to = 1;

  [[nodiscard]] double place(double value) const { return from + (to - from) * (value / most); }
};

/// Short enough for a label: "950", "1.5k", "101k", "2M"; three digits, no more.
[[nodiscard]] std::string short_number(double value);

/// "101,234": a count in full.
[[nodiscard]] std::string grouped(double value);

}  // namespace pawl::bench
