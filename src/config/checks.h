// Checks between settings. Internal to config.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "pawl/config/load.h"

namespace pawl::config {

/// Appends a fault for every rule between settings that does not hold, and for what is required and
/// missing. Rules about a setting in `faulty` are passed over: its fault is told already.
void check_together(const Loaded& loaded,
                    const Sources& sources,
                    const std::set<std::string>& faulty,
                    std::vector<Fault>& faults);

}  // namespace pawl::config
