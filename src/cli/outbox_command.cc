#include "pawl/cli/outbox_command.h"

#include <CLI/CLI.hpp>

#include "pawl/cli/outbox_commands.h"

namespace pawl::cli {
namespace {

constexpr const char* kFooter = R"(
An event that the broker refuses (larger than its topic allows, topic missing, not allowed to write there) is held, and all later ones of
its key behind it; other keys go on. The relay tries it again by itself, after a minute and then less and less often, down to once an hour.

Examples:
  pawl outbox list --config ledger.toml --refused
  pawl outbox show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11
  pawl outbox retry --topic ledger.events
  pawl outbox discard 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --reason "5 MB memo, agreed with the readers")";

}  // namespace

void add_outbox(CLI::App& app, Invocation& invocation) {
  CLI::App* outbox = app.add_subcommand("outbox", "Events that cannot be published");
  outbox->require_subcommand(0, 1);  // run() wants one
  outbox->footer(kFooter);
  add_outbox_list(*outbox, invocation);
  add_outbox_show(*outbox, invocation);
  add_outbox_retry(*outbox, invocation);
  add_outbox_discard(*outbox, invocation);
}

}  // namespace pawl::cli
