#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl version`: of Pawl and of what it is linked with.
void add_version(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
