// `pawl dead list` and `pawl dead groups`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "pawl/cli/bytes_text.h"
#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/table.h"
#include "pawl/cli/terminal.h"
#include "pawl/core/rfc3339.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using dead_letters::dumped;
using dead_letters::Group;
using dead_letters::Letter;
using dead_letters::Reader;
using nlohmann::ordered_json;

constexpr int kRowsMax = 1000;  // of one page
constexpr int kTextColumns = 60;

struct Options {
  DeadSelection selection;
  int limit = 50;
  std::string after;
  bool json = false;
};

std::string one_line(const std::string& text) {
  std::string line = text;
  std::ranges::replace_if(line, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return cut(line, kTextColumns);
}

void print_letters(const std::vector<Letter>& letters, std::int64_t count, int limit) {
  Table table{
      {"id", "last failed (UTC)", "state", "type", "key", "attempts", "class", "code", "group"}};
  table.left_aligned();
  for (const Letter& letter : letters) {
    table.add({letter.id.to_string(),
               readable(letter.last_failed_at),
               std::string(to_string(letter.state)),
               letter.type.empty() ? "-" : one_line(letter.type),
               one_line(bytes_text(letter.key)),
               std::to_string(letter.attempts),
               letter.failure_class,
               one_line(letter.code),
               dead_letters::fingerprint_text(letter.fingerprint)});
  }
  if (!letters.empty()) print(table.lines());
  const auto shown = static_cast<std::int64_t>(letters.size());
  std::string last = count == 0
                         ? "no dead letters"
                         : fmt::format("{} of {} dead letters", grouped(shown), grouped(count));
  if (shown == limit)
    last += fmt::format("; older ones: --after {}", letters.back().id.to_string());
  print(last);
}

ordered_json json_of(const std::vector<Letter>& letters, std::int64_t count, int limit) {
  ordered_json json;
  json["count"] = count;
  json["dead_letters"] = ordered_json::array();
  for (const Letter& letter : letters) json["dead_letters"].push_back(summary_json(letter));
  const bool more = static_cast<int>(letters.size()) == limit;
  json["after"] = more ? ordered_json(letters.back().id.to_string()) : ordered_json(nullptr);
  return json;
}

std::optional<Uuid> parse_after(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const auto id = Uuid::parse(text)) return id;
  throw Complaint(
      ExitCode::usage,
      fmt::format("pawl dead list: --after \"{}\"; expected the id of a dead letter", text));
}

// Behind a letter that is not there comes nothing, which would look like the end.
void require_letter(Reader& reader, std::int16_t consumer, const Uuid& id) {
  if (reader.count({.consumer = consumer, .ids = {id}}) == 1) return;
  throw Complaint(
      ExitCode::failed,
      fmt::format("pawl dead list: --after {}: this consumer has no such dead letter; begin again "
                  "without --after",
                  id.to_string()));
}

ExitCode list(const Options& options, const Invocation& invocation) {
  const auto after = parse_after(options.after);
  Selected selected{options.selection, invocation, "pawl dead list"};
  Reader reader{selected.connection};
  if (after) require_letter(reader, selected.filter.consumer, *after);
  const auto letters = reader.list(selected.filter, {.after = after, .limit = options.limit});
  const std::int64_t count = reader.count(selected.filter);
  if (options.json) {
    print(dumped(json_of(letters, count, options.limit), 2));
  } else {
    print_letters(letters, count, options.limit);
  }
  return ExitCode::ok;
}

void print_groups(const std::vector<Group>& groups, int limit) {
  Table table{{"group",
               "letters",
               "first failed (UTC)",
               "last failed (UTC)",
               "type",
               "class",
               "code",
               "latest text"}};
  table.left_aligned();
  std::int64_t letters = 0;
  for (const Group& group : groups) {
    letters += group.count;
    table.add({dead_letters::fingerprint_text(group.fingerprint),
               grouped(group.count),
               readable(group.first_failed_at),
               readable(group.last_failed_at),
               group.type.empty() ? "-" : one_line(group.type),
               group.failure_class,
               one_line(group.code),
               one_line(group.text)});
  }
  if (groups.empty()) return print("no dead letters");
  print(table.lines());
  const bool more = static_cast<int>(groups.size()) == limit;
  print(fmt::format("{} dead letters in {} groups{}",
                    grouped(letters),
                    groups.size(),
                    more ? "; smaller ones: a higher --limit" : ""));
}

ordered_json json_of(const Group& group) {
  ordered_json json;
  json["group"] = dead_letters::fingerprint_text(group.fingerprint);
  json["type"] = group.type;
  json["count"] = group.count;
  json["first_failed_at"] = rfc3339(group.first_failed_at);
  json["last_failed_at"] = rfc3339(group.last_failed_at);
  json["class"] = group.failure_class;
  json["code"] = group.code;
  json["latest_text"] = group.text;
  json["latest_id"] = group.example.to_string();
  return json;
}

ExitCode groups(const Options& options, const Invocation& invocation) {
  Selected selected{options.selection, invocation, "pawl dead groups"};
  const auto found = Reader{selected.connection}.groups(selected.filter, options.limit);
  if (!options.json) {
    print_groups(found, options.limit);
    return ExitCode::ok;
  }
  ordered_json json;
  json["groups"] = ordered_json::array();
  for (const Group& group : found) json["groups"].push_back(json_of(group));
  print(dumped(json, 2));
  return ExitCode::ok;
}

constexpr const char* kListFooter = R"(
Examples:
  pawl dead list --config ledger.toml --type ledger.v1.TransferFunds --since 2h
  pawl dead list --key 4711 --state all
  pawl dead list --json | jq -r '.dead_letters[].message_id')";

constexpr const char* kGroupsFooter = R"(
A group is one command type, one class, one code and one text; numbers, ids and quoted words in the text make no difference.

Examples:
  pawl dead groups --config ledger.toml
  pawl dead groups --since 30m --json)";

std::shared_ptr<Options> add_options(CLI::App& command, const char* footer) {
  auto options = std::make_shared<Options>();
  add_selection(command, options->selection, StateOption::offered);
  command.add_option("--limit", options->limit, "Rows at most")
      ->capture_default_str()
      ->check(CLI::Range(1, kRowsMax));
  command.add_flag("--json", options->json, "Print one JSON object instead of a table");
  command.footer(footer);
  return options;
}

}  // namespace

void add_dead_list(CLI::App& dead, Invocation& invocation) {
  CLI::App* command = dead.add_subcommand("list", "List them, the latest failure first");
  auto options = add_options(*command, kListFooter);
  command->add_option("--after", options->after, "Go on behind this dead letter")->type_name("ID");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return list(*options, invocation); };
  });
}

void add_dead_groups(CLI::App& dead, Invocation& invocation) {
  CLI::App* command = dead.add_subcommand("groups", "Count them by what went wrong");
  auto options = add_options(*command, kGroupsFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return groups(*options, invocation); };
  });
}

}  // namespace pawl::cli
