// `pawl pause` and `pawl resume`.
#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

void add_pause(CLI::App& app, Invocation& invocation);
void add_resume(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
