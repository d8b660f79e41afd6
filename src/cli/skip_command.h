// `pawl skip`.
#pragma once

#include <vector>

#include "pawl/cli/invocation.h"
#include "pawl/codec/command_type.h"

namespace pawl::cli {

/// `types`: those that records can be read by.
void add_skip(CLI::App& app, Invocation& invocation, std::vector<const codec::CommandType*> types);

}  // namespace pawl::cli
