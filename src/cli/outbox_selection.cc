#include "pawl/cli/outbox_selection.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/consumer_number.h"
#include "pawl/core/rfc3339.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using dead_letters::bytes_json;

using nlohmann::ordered_json;

held_events::Filter filter_of(const OutboxSelection& selection, const std::string& program) {
  held_events::Filter filter = selection.filter;
  for (const std::string& id : selection.ids)
    filter.ids.push_back(parse_event_id(id, "id", program));
  return filter;
}

std::string url_of(const OutboxSelection& selection, const Invocation& invocation) {
  return load(*selection.config, invocation, {.kafka = false, .database = true, .consumer = false})
      .database.url.reveal();
}

ordered_json or_null(const std::optional<std::string>& text) {
  return text ? ordered_json(*text) : ordered_json(nullptr);
}

}  // namespace

void add_selection(CLI::App& command, OutboxSelection& selection) {
  selection.config = add_config_options(command, {.database = true});
  command.add_option("--topic", selection.filter.topic, "Topic that they are for")
      ->type_name("NAME");
  command.add_option("--key", selection.filter.key, "Ordering key")->type_name("TEXT");
  command.add_option("--code", selection.filter.code, "Why the broker refused them")
      ->type_name("CODE");
}

void add_ids(CLI::App& command, OutboxSelection& selection) {
  command.add_option("ids", selection.ids, "Events, by id (ce_id)")->type_name("ID");
}

Uuid parse_event_id(const std::string& text,
                    const std::string& option,
                    const std::string& program) {
  if (const auto id = Uuid::parse(text)) return *id;
  throw Complaint(
      ExitCode::usage,
      fmt::format("{}: {} \"{}\"; expected the id of an event (UUID)", program, option, text));
}

SelectedEvents::SelectedEvents(const OutboxSelection& selection,
                               const Invocation& invocation,
                               const std::string& program)
    : filter(filter_of(selection, program)),
      connection({.url = url_of(selection, invocation), .application_name = program}) {
  require_schema(connection, url_of(selection, invocation), program);
}

ordered_json summary_json(const held_events::Event& event) {
  ordered_json json;
  json["id"] = event.id.to_string();
  json["topic"] = event.topic;
  json["key"] = bytes_json(event.key);
  json["type"] = event.type;
  json["source"] = event.source;
  json["content_type"] = event.content_type;
  json["correlation_id"] =
      or_null(event.correlation_id ? event.correlation_id : event.causation_id);
  json["causation_id"] = or_null(event.causation_id);
  json["traceparent"] = or_null(event.traceparent);
  json["batch"] = event.batch;
  json["index"] = event.index;
  json["payload_bytes"] = event.payload_bytes;
  json["created_at"] = rfc3339(event.created_at);
  json["held_at"] = rfc3339(event.held_at);
  json["code"] = or_null(event.code);
  json["text"] = event.code ? ordered_json(event.text) : ordered_json(nullptr);
  json["attempts"] = event.attempts;
  json["retry_at"] = event.code ? ordered_json(rfc3339(event.retry_at)) : ordered_json(nullptr);
  return json;
}

}  // namespace pawl::cli
