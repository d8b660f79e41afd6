// The subcommands of `pawl outbox`, one file each.
#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

void add_outbox_list(CLI::App& outbox, Invocation& invocation);
void add_outbox_show(CLI::App& outbox, Invocation& invocation);
void add_outbox_retry(CLI::App& outbox, Invocation& invocation);
void add_outbox_discard(CLI::App& outbox, Invocation& invocation);

}  // namespace pawl::cli
