#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl audit`: what operators have decided, when and why.
void add_audit(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
