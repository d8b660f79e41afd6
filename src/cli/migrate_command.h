#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl migrate status|up|down|print`: the database's schema.
void add_migrate(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
