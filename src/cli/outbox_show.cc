// `pawl outbox show`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/bytes_text.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/outbox_commands.h"
#include "pawl/cli/outbox_selection.h"
#include "pawl/cli/table.h"
#include "pawl/codec/content_type.h"
#include "pawl/codec/headers_json.h"
#include "pawl/codec/known_message.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using dead_letters::bytes_json;
using dead_letters::dumped;

using held_events::Event;
using nlohmann::ordered_json;

constexpr const char* kProgram = "pawl outbox show";
constexpr std::size_t kPayloadBytesMax = 4096;  // on a page; --json has all of it

struct Options {
  OutboxSelection selection;
  bool json = false;
};

/// The payload as JSON, where it is a message of a type that this program knows, or JSON itself.
std::optional<std::string> decoded(const Event& event) {
  if (!event.payload) return std::nullopt;
  const auto encoding = codec::encoding_of(event.content_type);
  if (encoding == codec::Encoding::protobuf)
    return codec::known_message_json(event.type, *event.payload);
  if (encoding == codec::Encoding::json && ordered_json::accept(*event.payload))
    return event.payload;
  return std::nullopt;
}

std::string cut_payload(const std::string& shown, std::int64_t bytes) {
  if (shown.size() <= kPayloadBytesMax) return shown;
  return fmt::format("{}\n… {} bytes in all; --json prints them",
                     shown.substr(0, kPayloadBytesMax),
                     grouped(bytes));
}

std::string payload_text(const Event& event) {
  if (!event.payload) return "none: a record without value";
  if (const auto json = decoded(event)) return cut_payload(*json, event.payload_bytes);
  return cut_payload(bytes_text(event.payload->substr(0, kPayloadBytesMax)), event.payload_bytes);
}

void print_page(const Event& event) {
  Table facts{{"event", event.id.to_string()}};
  facts.left_aligned();
  facts.add({"topic", bytes_text(event.topic)});
  facts.add({"key", bytes_text(event.key)});
  facts.add({"type", bytes_text(event.type)});
  facts.add({"source", bytes_text(event.source)});
  facts.add({"content type", bytes_text(event.content_type)});
  facts.add({"correlation id",
             bytes_text(event.correlation_id ? event.correlation_id : event.causation_id)});
  facts.add({"causation id", bytes_text(event.causation_id)});
  facts.add({"traceparent", bytes_text(event.traceparent)});
  facts.add({"outbox", fmt::format("batch {} index {}", event.batch, event.index)});
  facts.add({"created", readable(event.created_at) + " (UTC)"});
  facts.add({"held", readable(event.held_at) + " (UTC)"});
  if (event.code) {
    facts.add({"code", bytes_text(event.code)});
    facts.add({"text", bytes_text(event.text)});
    facts.add(
        {"attempts",
         fmt::format("{}, next not before {} (UTC)", event.attempts, readable(event.retry_at))});
  } else {
    facts.add({"waits", "behind an event of its key that cannot be published"});
  }
  print(facts.lines());
  std::string text;
  if (event.headers) {
    text += "\nheaders\n";
    for (const codec::OwnedHeader& header : codec::headers_of_json(*event.headers))
      text += fmt::format("  {}: {}\n", bytes_text(header.name), bytes_text(header.value));
  }
  print(text + fmt::format("\npayload, {} bytes\n", grouped(event.payload_bytes)) +
        payload_text(event));
}

ordered_json json_of(const Event& event) {
  ordered_json json = summary_json(event);
  json["headers"] = event.headers ? ordered_json::parse(*event.headers) : ordered_json(nullptr);
  json["payload"] = bytes_json(event.payload);
  const auto message = decoded(event);
  json["event"] = message ? ordered_json::parse(*message) : ordered_json(nullptr);
  return json;
}

ExitCode show(const Options& options, const Invocation& invocation) {
  SelectedEvents selected{options.selection, invocation, kProgram};
  const auto events =
      held_events::Reader{selected.connection}.list(selected.filter, {.limit = 1, .whole = true});
  if (events.empty()) {
    throw Complaint(ExitCode::failed,
                    fmt::format("{}: no event {} is held; `pawl outbox list` has those that are",
                                kProgram,
                                options.selection.ids.front()));
  }
  if (options.json) {
    print(dumped(json_of(events.front()), 2));
  } else {
    print_page(events.front());
  }
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
Prints the event with its payload: mind who looks on. An event of a type that this program knows is shown as JSON.

Examples:
  pawl outbox show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --config ledger.toml
  pawl outbox show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --json | jq .event)";

}  // namespace

void add_outbox_show(CLI::App& outbox, Invocation& invocation) {
  CLI::App* command = outbox.add_subcommand("show", "Show one whole: event, refusal, payload");
  auto options = std::make_shared<Options>();
  command->add_option("id", options->selection.ids, "The event (ce_id)")
      ->type_name("ID")
      ->required()
      ->expected(1);
  options->selection.config = add_config_options(*command, {.database = true});
  command->add_flag("--json", options->json, "Print one JSON object instead");
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return show(*options, invocation); };
  });
}

}  // namespace pawl::cli
