// Environment and command line as layers of found values. Internal to config.
#pragma once

#include <vector>

#include "pawl/config/fault.h"
#include "pawl/config/found.h"
#include "pawl/config/load.h"
#include "pawl/config/setting_table.h"

namespace pawl::config {

/// DATABASE_URL and DATABASE_URL_FILE, which PAWL_DATABASE__URL outranks.
[[nodiscard]] Layer read_common_environment(const Sources& sources);

/// All PAWL_… variables; those that are no setting become faults.
[[nodiscard]] Layer read_pawl_environment(const Sources& sources,
                                          const std::vector<Setting>& table,
                                          std::vector<Fault>& faults);

[[nodiscard]] Layer read_command_line(const Sources& sources);

}  // namespace pawl::config
