// Says what is wrong with a run. Pure.
#pragma once

#include <string>
#include <vector>

#include "soak/figures.h"
#include "soak/periods.h"

namespace pawl::soak {

/// How much may differ before it counts as grown, and why so much.
struct Tolerances {
  // Arenas of threads that come and go, buffers that grew with the largest batch: once, not with
  // time.
  double rss_factor = 1.2;
  double rss_mib = 16;
  // librdkafka opens and closes its bootstrap connection, and the threads of brokers and resolver,
  // as it likes; and the relay that has the turn has a client more: 5 descriptors, 3 threads.
  int descriptors = 4 + 5;
  int threads = 2 + 3;
  Seconds drained_in{60};
  Seconds behind = kBehindMax;
  Seconds stall{30};  // a frozen worker's session, its relay's turn, and a retry's longest wait
  // Rotations may come late: checked every few seconds, put off while a transaction is open or the
  // database is away.
  Seconds rotation_late{30};
  std::int64_t bytes_per_row = 1'024;          // fillfactor 50; 10 for positions
  std::int64_t table_bytes = 4 * 1024 * 1024;  // versions kept for the longest foreign transaction
};

struct Check {
  std::string name;
  std::string promise;
  bool holds = false;
  std::string found;
};

[[nodiscard]] std::vector<Check> judge(const Figures& figures, const Tolerances& tolerances = {});
[[nodiscard]] bool all_hold(const std::vector<Check>& checks);

}  // namespace pawl::soak
