// What a person sees while it soaks: on a terminal a line that is redrawn, elsewhere lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pawl/cli/terminal.h"
#include "soak/figures.h"

namespace pawl::soak {

struct Progress {
  Seconds elapsed{}, whole{};
  std::vector<std::string> faults;  // now
  std::uint64_t sent = 0, received = 0;
  double rss_mib = 0;
  std::size_t made = 0;  // faults until now
};

/// Writes to standard error. Main thread.
class Display {
 public:
  /// A line of its own that stays.
  void say(Seconds elapsed, const std::string& text);
  /// Redraws on a terminal; elsewhere one line every ten seconds.
  void show(const Progress& progress);

 private:
  cli::Terminal terminal_{2};
  Seconds shown_{-10};
};

}  // namespace pawl::soak
