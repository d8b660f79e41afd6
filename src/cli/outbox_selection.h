// The options that say which held events are meant.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pawl/cli/config_options.h"
#include "pawl/held_events/filter.h"
#include "pawl/held_events/reader.h"
#include "pawl/postgres/connection.h"

namespace pawl::cli {

struct OutboxSelection {
  std::shared_ptr<ConfigOptions> config;
  std::vector<std::string> ids;
  held_events::Filter filter;  // but the ids
};

/// Adds --config, --database, --topic, --key and --code.
void add_selection(CLI::App& command, OutboxSelection& selection);
/// Adds the ids of single events.
void add_ids(CLI::App& command, OutboxSelection& selection);

/// The id of an event; throws Complaint(usage) for another text. `option`: where it was given.
[[nodiscard]] Uuid parse_event_id(const std::string& text,
                                  const std::string& option,
                                  const std::string& program);

/// The database that is meant, and the events in it. `program` ("pawl outbox list") is for
/// messages. Throws Complaint for what cannot be read, and Failure when the database is away.
struct SelectedEvents {
  SelectedEvents(const OutboxSelection& selection,
                 const Invocation& invocation,
                 const std::string& program);

  held_events::Filter filter;
  postgres::Connection connection;
};

/// Everything but headers and payload.
[[nodiscard]] nlohmann::ordered_json summary_json(const held_events::Event& event);

}  // namespace pawl::cli
