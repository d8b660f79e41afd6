// `pawl dead show`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/bytes_text.h"
#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/table.h"
#include "pawl/cli/whole_letter.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using dead_letters::bytes_json;
using dead_letters::dumped;
using dead_letters::Letter;
using nlohmann::ordered_json;

constexpr std::size_t kPayloadBytesMax = 4096;  // on a page; --json has all of it

struct Options {
  DeadSelection selection;
  bool json = false;
};

std::string payload_text(const std::optional<std::string>& payload) {
  if (!payload) return "none: the record had no value";
  if (payload->size() <= kPayloadBytesMax) return bytes_text(payload);
  return fmt::format("{}\n… {} bytes in all; --json prints them",
                     bytes_text(payload->substr(0, kPayloadBytesMax)),
                     payload->size());
}

// Not of letters from before there was a history.
void print_history(const Letter& letter) {
  const ordered_json history = ordered_json::parse(letter.history);
  if (history.empty()) return;
  print("\nattempts");
  for (const ordered_json& each : history) {
    const auto attempts = each.at("attempts").get<std::int64_t>();
    print(fmt::format("  {}  {}, {}{}",
                      each.at("at").get<std::string>(),
                      each.at("class").get<std::string>(),
                      bytes_text(each.at("code").get<std::string>()),
                      attempts > 1 ? fmt::format("  ({} at once)", attempts) : ""));
  }
}

void print_page(const Letter& letter,
                const std::vector<codec::OwnedHeader>& headers,
                const Decoded& decoded) {
  Table facts{{"dead letter", letter.id.to_string()}};
  facts.left_aligned();
  facts.add(
      {"state", fmt::format("{}, redriven {} times", to_string(letter.state), letter.redrives)});
  if (letter.edited_as)
    facts.add({"edited as", letter.edited_as->to_string() + ", the id of the command it became"});
  facts.add({"type", letter.type.empty() ? "-" : bytes_text(letter.type)});
  facts.add({"message id", letter.message_id.to_string()});
  facts.add({"key", bytes_text(letter.key)});
  facts.add({"origin",
             fmt::format("{}/{} offset {}{}",
                         letter.lane.topic,
                         letter.lane.partition,
                         letter.offset,
                         letter.record_time ? ", produced " + readable(*letter.record_time) : "")});
  facts.add({"failed",
             fmt::format("{} attempts, {} to {} (UTC)",
                         letter.attempts,
                         readable(letter.first_failed_at),
                         readable(letter.last_failed_at))});
  facts.add({"class, code", fmt::format("{}, {}", letter.failure_class, bytes_text(letter.code))});
  facts.add({"text", bytes_text(letter.text)});
  facts.add({"group", dead_letters::fingerprint_text(letter.fingerprint)});
  print(facts.lines());
  print_history(letter);
  std::string text = "\nheaders\n";
  for (const codec::OwnedHeader& header : headers)
    text += fmt::format("  {}: {}\n", bytes_text(header.name), bytes_text(header.value));
  text += "\npayload\n";
  text +=
      decoded.problem.empty()
          ? decoded.json
          : fmt::format("(cannot be read: {})\n{}", decoded.problem, payload_text(letter.payload));
  print(text);
}

ordered_json json_of(const Letter& letter,
                     const std::vector<codec::OwnedHeader>& headers,
                     const Decoded& decoded) {
  ordered_json json = summary_json(letter);
  json["headers"] = ordered_json::array();
  for (const codec::OwnedHeader& header : headers)
    json["headers"].push_back({header.name, bytes_json(header.value)});
  json["payload"] = bytes_json(letter.payload);
  json["history"] = ordered_json::parse(letter.history);
  json["command"] =
      decoded.problem.empty() ? ordered_json::parse(decoded.json) : ordered_json(nullptr);
  if (!decoded.problem.empty()) json["problem"] = decoded.problem;
  return json;
}

ExitCode show(const Options& options,
              const std::vector<const codec::CommandType*>& types,
              const Invocation& invocation) {
  Selected selected{options.selection, invocation, "pawl dead show"};
  const WholeLetter whole = read_whole(selected, "pawl dead show");
  const Letter& letter = whole.letter;
  const Decoded decoded = decode(whole.record(), letter.lane.topic, types);
  if (options.json) {
    print(dumped(json_of(letter, whole.headers, decoded), 2));
  } else {
    print_page(letter, whole.headers, decoded);
  }
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
Prints the record with its payload: mind who looks on. A command of a type that this program knows is shown as JSON.

Examples:
  pawl dead show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --config ledger.toml
  pawl dead show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --json | jq .command)";

}  // namespace

void add_dead_show(CLI::App& dead,
                   Invocation& invocation,
                   std::vector<const codec::CommandType*> types) {
  CLI::App* command = dead.add_subcommand("show", "Show one whole: record, failure, command");
  auto options = std::make_shared<Options>();
  command->add_option("id", options->selection.ids, "The dead letter")
      ->type_name("ID")
      ->required()
      ->expected(1);
  options->selection.config = add_config_options(*command, {.database = true, .consumer = true});
  command->add_flag("--json", options->json, "Print one JSON object instead");
  command->footer(kFooter);
  command->callback([options, types = std::move(types), &invocation] {
    invocation.action = [options, types, &invocation] { return show(*options, types, invocation); };
  });
}

}  // namespace pawl::cli
