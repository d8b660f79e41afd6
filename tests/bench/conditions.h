// On what was measured.
#pragma once

#include "bench/figures.h"
#include "bench/servers.h"

namespace pawl::bench {

/// Asks the machine and the servers; probes the disk in the database's folder.
[[nodiscard]] Conditions conditions_of(Servers& servers);

}  // namespace pawl::bench
