// What a process holds, as the kernel counts it. Linux, proc(5).
#pragma once

#include <sys/types.h>

namespace pawl::test {

struct ProcessFigures {
  double rss_mib = 0;
  double peak_rss_mib = 0;  // the most that it ever held
  int descriptors = 0;
  int threads = 0;
};

/// All zero when there is no such process.
[[nodiscard]] ProcessFigures figures_of(pid_t process);

}  // namespace pawl::test
