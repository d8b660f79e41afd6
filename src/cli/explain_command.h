#pragma once

#include "pawl/cli/invocation.h"
#include "pawl/consumer/registration.h"

namespace pawl::cli {

/// `pawl explain`: what becomes of a command that fails, and when. `registration` is the consumer
/// that this program knows.
void add_explain(CLI::App& app, Invocation& invocation, Registration registration);

}  // namespace pawl::cli
