#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl topics create`: makes the topics that the configuration names.
void add_topics(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
