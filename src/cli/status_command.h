// `pawl status`.
#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

void add_status(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
