#pragma once

#include <vector>

#include "pawl/cli/invocation.h"
#include "pawl/codec/command_type.h"

namespace pawl::cli {

/// `pawl dead`: finds, explains and settles commands that were given up on. `types` are those whose
/// payloads can be shown as JSON; they outlive the invocation.
void add_dead(CLI::App& app, Invocation& invocation, std::vector<const codec::CommandType*> types);

}  // namespace pawl::cli
