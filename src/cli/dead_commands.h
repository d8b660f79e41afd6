// The subcommands of `pawl dead`, one file each.
#pragma once

#include <vector>

#include "pawl/cli/invocation.h"
#include "pawl/codec/command_type.h"

namespace pawl::cli {

void add_dead_list(CLI::App& dead, Invocation& invocation);
void add_dead_groups(CLI::App& dead, Invocation& invocation);
void add_dead_show(CLI::App& dead,
                   Invocation& invocation,
                   std::vector<const codec::CommandType*> types);
void add_dead_export(CLI::App& dead, Invocation& invocation);
void add_dead_discard(CLI::App& dead, Invocation& invocation);
void add_dead_restore(CLI::App& dead, Invocation& invocation);
void add_dead_redrive(CLI::App& dead,
                      Invocation& invocation,
                      std::vector<const codec::CommandType*> types);
void add_dead_expire(CLI::App& dead, Invocation& invocation);

}  // namespace pawl::cli
