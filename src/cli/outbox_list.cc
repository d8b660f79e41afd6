// `pawl outbox list`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/bytes_text.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/outbox_commands.h"
#include "pawl/cli/outbox_selection.h"
#include "pawl/cli/table.h"
#include "pawl/cli/terminal.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using dead_letters::dumped;

using held_events::Counts;
using held_events::Event;
using held_events::Reader;
using nlohmann::ordered_json;

constexpr const char* kProgram = "pawl outbox list";
constexpr int kRowsMax = 1000;  // of one page
constexpr int kTextColumns = 40;

struct Options {
  OutboxSelection selection;
  int limit = 50;
  std::string after;
  bool json = false;
};

std::string shown(const std::optional<std::string>& bytes) {
  return cut(bytes_text(bytes), kTextColumns);
}

void print_events(const std::vector<Event>& events, const Counts& counts, int limit) {
  Table table{
      {"id", "held (UTC)", "topic", "key", "type", "bytes", "attempts", "code", "next try"}};
  table.left_aligned();
  for (const Event& event : events) {
    table.add({event.id.to_string(),
               readable(event.held_at),
               shown(event.topic),
               shown(event.key),
               shown(event.type),
               grouped(event.payload_bytes),
               event.code ? std::to_string(event.attempts) : "-",
               event.code ? shown(event.code) : "waits",
               event.code ? readable(event.retry_at) : "-"});
  }
  if (!events.empty()) print(table.lines());
  if (counts.events == 0) return print("no held events");
  std::string last =
      fmt::format("{} of {} held events; {} cannot be published, the others wait behind them",
                  grouped(static_cast<std::int64_t>(events.size())),
                  grouped(counts.events),
                  grouped(counts.refused));
  if (static_cast<int>(events.size()) == limit)
    last += fmt::format("; further ones: --after {}", events.back().id.to_string());
  print(last);
}

ordered_json json_of(const std::vector<Event>& events, const Counts& counts, int limit) {
  ordered_json json;
  json["count"] = counts.events;
  json["refused"] = counts.refused;
  json["held_events"] = ordered_json::array();
  for (const Event& event : events) json["held_events"].push_back(summary_json(event));
  const bool more = static_cast<int>(events.size()) == limit;
  json["after"] = more ? ordered_json(events.back().id.to_string()) : ordered_json(nullptr);
  return json;
}

// Behind an event that is not there comes nothing, which would look like the end.
void require_event(Reader& reader, const Uuid& id) {
  if (reader.count({.ids = {id}}).events > 0) return;
  throw Complaint(
      ExitCode::failed,
      fmt::format("{}: --after {}: no such event is held any more; begin again without --after",
                  kProgram,
                  id.to_string()));
}

ExitCode list(const Options& options, const Invocation& invocation) {
  std::optional<Uuid> after;
  if (!options.after.empty()) after = parse_event_id(options.after, "--after", kProgram);
  SelectedEvents selected{options.selection, invocation, kProgram};
  Reader reader{selected.connection};
  if (after) require_event(reader, *after);
  const auto events = reader.list(selected.filter, {.after = after, .limit = options.limit});
  const Counts counts = reader.count(selected.filter);
  if (options.json) {
    print(dumped(json_of(events, counts, options.limit), 2));
  } else {
    print_events(events, counts, options.limit);
  }
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
In the order in which they were written, which is the order of each key. "waits": only behind another one of its key.

Examples:
  pawl outbox list --config ledger.toml --refused
  pawl outbox list --key 4711
  pawl outbox list --code MSG_SIZE_TOO_LARGE --json | jq -r '.held_events[].id')";

}  // namespace

void add_outbox_list(CLI::App& outbox, Invocation& invocation) {
  CLI::App* command = outbox.add_subcommand("list", "List them");
  auto options = std::make_shared<Options>();
  add_selection(*command, options->selection);
  command->add_flag("--refused",
                    options->selection.filter.refused,
                    "Only those that cannot be published, without what waits behind them");
  command->add_option("--limit", options->limit, "Rows at most")
      ->capture_default_str()
      ->check(CLI::Range(1, kRowsMax));
  command->add_option("--after", options->after, "Go on behind this event")->type_name("ID");
  command->add_flag("--json", options->json, "Print one JSON object instead of a table");
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return list(*options, invocation); };
  });
}

}  // namespace pawl::cli
