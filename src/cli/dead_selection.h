// The options that say which dead letters are meant.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pawl/cli/config_options.h"
#include "pawl/dead_letters/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::cli {

struct DeadSelection {
  std::shared_ptr<ConfigOptions> config;
  std::vector<std::string> ids;
  std::string type;
  std::string group;
  std::optional<std::string> key;
  std::string since;
  std::string until;
  std::string state;

  /// Whether anything narrows it down but the state.
  [[nodiscard]] bool narrows() const {
    return !ids.empty() || !type.empty() || !group.empty() || key || !since.empty() ||
           !until.empty();
  }
};

enum class StateOption { none, offered };

/// Adds --config, --database, --consumer, --type, --group, --key, --since, --until and, if offered,
/// --state (otherwise all states are meant).
void add_selection(CLI::App& command, DeadSelection& selection, StateOption state);
/// The parts of it, for who chooses otherwise: --config, --database and --consumer; --state.
void add_origin(CLI::App& command, DeadSelection& selection);
void add_state(CLI::App& command, DeadSelection& selection, const char* preset);
/// Throws Complaint when nothing was chosen. `all`: whether everything was.
void require_choice(const DeadSelection& selection, bool all, const std::string& program);
/// Adds the ids of single letters.
void add_ids(CLI::App& command, DeadSelection& selection);

/// The database that is meant, and the letters in it. `program` ("pawl dead list") is for messages.
/// Throws Complaint for what cannot be read, and Failure when the database is away.
struct Selected {
  Selected(const DeadSelection& selection,
           const Invocation& invocation,
           const std::string& program);

  config::Settings settings;
  dead_letters::Filter filter;
  postgres::Connection connection;
};

}  // namespace pawl::cli
