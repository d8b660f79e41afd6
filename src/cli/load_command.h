#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl load`: ledger commands at a rate or as fast as possible.
void add_load(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
