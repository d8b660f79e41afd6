// A soak from beginning to end.
#pragma once

#include <stdexcept>

#include "pawl/cli/stop_signal.h"
#include "soak/figures.h"
#include "soak/options.h"

namespace pawl::soak {

/// Thrown out of whatever was going on; the destructors on the way out clean up.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// Main thread. Throws Interrupted, and whatever keeps a run from being made.
[[nodiscard]] Figures soak(const Options& options, cli::StopSignal& stop);

}  // namespace pawl::soak
