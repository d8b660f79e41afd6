// What the workers get to do: a backlog at first, then a steady rate.
#pragma once

#include <cstdint>

#include "crash/observe.h"
#include "pawl/cli/demo_load.h"
#include "soak/options.h"

namespace pawl::soak {

/// Opens the accounts and leaves a backlog, so that the workers hold at once what they ever hold:
/// intake full, batches large. Returns how many records it sent. Throws when the broker did not
/// take them all.
[[nodiscard]] std::uint64_t send_backlog(const Options& options, const test::Sources& sources);

/// All kinds of commands at the rate, whatever happens.
[[nodiscard]] cli::DemoLoadSettings steady_load(const Options& options,
                                                const test::Sources& sources);

}  // namespace pawl::soak
