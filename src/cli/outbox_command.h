#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl outbox`: finds, explains and settles events that the relay cannot publish.
void add_outbox(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
