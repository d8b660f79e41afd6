#pragma once

#include "pawl/cli/invocation.h"
#include "pawl/consumer/registration.h"

namespace pawl::cli {

/// `pawl demo`: the ledger at work, on a private stage or on real servers.
void add_demo(CLI::App& app, Invocation& invocation, const Registration& ledger);

}  // namespace pawl::cli
