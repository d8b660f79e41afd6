// `pawl dead export`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/numbers.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using dead_letters::Letter;
using dead_letters::Order;

constexpr int kPageLetters = 200;  // with their payloads in memory

ExitCode write_out(const DeadSelection& selection, const Invocation& invocation) {
  Selected selected{selection, invocation, "pawl dead export"};
  dead_letters::Reader reader{selected.connection};
  std::int64_t written = 0;
  std::optional<Uuid> after;
  for (bool more = true; more;) {
    const auto letters = reader.list(
        selected.filter,
        {.order = Order::oldest_first, .after = after, .limit = kPageLetters, .whole = true});
    for (const Letter& letter : letters) print(export_line(letter));
    written += static_cast<std::int64_t>(letters.size());
    more = static_cast<int>(letters.size()) == kPageLetters;
    if (more) after = letters.back().id;
  }
  print_error(fmt::format("{} dead letters written", grouped(written)));
  return std::ferror(stdout) != 0 ? ExitCode::failed : ExitCode::ok;
}

constexpr const char* kFooter = R"(
One JSON object a line, the oldest failure first; payloads and keys that are no text as {"base64": …}. How many goes to standard
error.

Examples:
  pawl dead export --config ledger.toml --state all > dead.jsonl
  pawl dead export --group 9c1de0a1b2f34455 | gzip > group.jsonl.gz)";

}  // namespace

void add_dead_export(CLI::App& dead, Invocation& invocation) {
  CLI::App* command = dead.add_subcommand("export", "Write them out whole, as JSON lines");
  auto selection = std::make_shared<DeadSelection>();
  add_selection(*command, *selection, StateOption::offered);
  command->footer(kFooter);
  command->callback([selection, &invocation] {
    invocation.action = [selection, &invocation] { return write_out(*selection, invocation); };
  });
}

}  // namespace pawl::cli
