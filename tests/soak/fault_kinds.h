// The table of faults, for fault.cc: one maker for each.
#pragma once

#include <random>

#include "soak/fault.h"

namespace pawl::soak {

/// What a maker draws from.
struct Draw {
  Stage& stage;
  std::vector<std::unique_ptr<Worker>>& workers;
  std::mt19937_64& random;

  [[nodiscard]] std::chrono::milliseconds between(std::chrono::milliseconds least,
                                                  std::chrono::milliseconds most) {
    return std::chrono::milliseconds{
        std::uniform_int_distribution<std::int64_t>{least.count(), most.count()}(random)};
  }
  [[nodiscard]] std::int64_t below(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>{0, end - 1}(random);
  }
  [[nodiscard]] Worker& any_worker() {
    return *workers[static_cast<std::size_t>(below(static_cast<std::int64_t>(workers.size())))];
  }
  /// Any but the first, which lives through the whole run; the first if there is no other.
  [[nodiscard]] Worker& mortal_worker() {
    const auto others = static_cast<std::int64_t>(workers.size()) - 1;
    return *workers[others == 0 ? 0 : static_cast<std::size_t>(1 + below(others))];
  }
};

// fault_processes.cc
Fault kill_worker(Draw& draw);
Fault end_worker(Draw& draw);
Fault freeze_worker(Draw& draw);
Fault restart_postgres(Draw& draw);
Fault restart_broker(Draw& draw);
Fault freeze_broker(Draw& draw);
// fault_database.cc
Fault terminate_backends(Draw& draw);
Fault hold_hot_rows(Draw& draw);
Fault write_as_a_stranger(Draw& draw);
Fault refuse_rows(Draw& draw);
// fault_network.cc
Fault cut_database(Draw& draw);
Fault lose_commits(Draw& draw);
Fault unplug_database(Draw& draw);
Fault slow_database(Draw& draw);
Fault cut_broker(Draw& draw);
Fault unplug_broker(Draw& draw);
Fault slow_broker(Draw& draw);

}  // namespace pawl::soak
