#include "pawl/cli/dead_command.h"

#include <CLI/CLI.hpp>

#include "pawl/cli/dead_commands.h"

namespace pawl::cli {
namespace {

constexpr const char* kFooter = R"(
A dead letter is a command that was given up on: its record, why, and how often it was tried. `groups` puts together those of one
type that failed for the same reason, whatever the ids and amounts in the text. What is decided about them is kept: `pawl audit`.

Examples:
  pawl dead groups --config ledger.toml
  pawl dead list --group 9c1de0a1b2f34455 --since 2h
  pawl dead show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11
  pawl dead redrive --group 9c1de0a1b2f34455 --reason "the account service is back"
  pawl dead discard --group 9c1de0a1b2f34455 --reason "test data of 22 November" --dry-run)";

}  // namespace

void add_dead(CLI::App& app, Invocation& invocation, std::vector<const codec::CommandType*> types) {
  CLI::App* dead = app.add_subcommand("dead", "Commands that were given up on");
  dead->require_subcommand(0, 1);  // run() wants one
  dead->footer(kFooter);
  add_dead_groups(*dead, invocation);
  add_dead_list(*dead, invocation);
  add_dead_show(*dead, invocation, types);
  add_dead_export(*dead, invocation);
  add_dead_redrive(*dead, invocation, std::move(types));
  add_dead_discard(*dead, invocation);
  add_dead_restore(*dead, invocation);
  add_dead_expire(*dead, invocation);
}

}  // namespace pawl::cli
