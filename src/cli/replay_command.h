// `pawl replay`.
#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

void add_replay(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
