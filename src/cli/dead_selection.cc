#include "pawl/cli/dead_selection.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/consumer_number.h"
#include "pawl/cli/moments.h"

namespace pawl::cli {
namespace {

using dead_letters::Filter;

/// Reads an option's text or complains about it.
template <class Parse>
auto read(std::string_view option,
          const std::string& text,
          std::string_view expected,
          Parse parse) {
  const auto value = parse(text);
  if (value) return *value;
  throw Complaint(ExitCode::usage,
                  fmt::format("pawl dead: {} \"{}\"; expected {}", option, text, expected));
}

constexpr std::string_view kMoment =
    R"(90s, 30m, 2h or 7d ago, or a time in UTC such as 2026-11-22 or 2026-11-22T08:30:00Z)";

Filter filter_of(const DeadSelection& selection, WallTime now) {
  Filter filter;
  const auto moment = [now](const std::string& text) { return parse_moment(text, now); };
  for (const std::string& id : selection.ids) {
    filter.ids.push_back(read("id", id, "the id of a dead letter (UUID)", Uuid::parse));
  }
  if (!selection.type.empty()) filter.type = selection.type;
  if (!selection.group.empty()) {
    filter.fingerprint = read("--group",
                              selection.group,
                              "16 hexadecimal digits, as `pawl dead groups` prints them",
                              dead_letters::parse_fingerprint);
  }
  filter.key = selection.key;
  if (!selection.since.empty()) filter.since = read("--since", selection.since, kMoment, moment);
  if (!selection.until.empty()) filter.until = read("--until", selection.until, kMoment, moment);
  if (!selection.state.empty() && selection.state != "all")
    filter.state = dead_letters::parse_state(selection.state);
  return filter;
}

}  // namespace

void require_choice(const DeadSelection& selection, bool all, const std::string& program) {
  if (selection.narrows() || all) return;
  throw Complaint(
      ExitCode::usage,
      fmt::format("{}: which ones? Give ids, --group, --type, --key, --since or --until, or --all",
                  program));
}

void add_selection(CLI::App& command, DeadSelection& selection, StateOption state) {
  add_origin(command, selection);
  command.add_option("--type", selection.type, "Command type")->type_name("NAME");
  command.add_option("--group", selection.group, "Failure, as `pawl dead groups` names it")
      ->type_name("GROUP");
  command.add_option("--key", selection.key, "Ordering key of the record")->type_name("TEXT");
  command.add_option("--since", selection.since, "Last failed then or later (2h, 7d, 2026-11-22)")
      ->type_name("TIME");
  command.add_option("--until", selection.until, "Last failed before")->type_name("TIME");
  if (state == StateOption::offered) add_state(command, selection, "dead");
}

void add_origin(CLI::App& command, DeadSelection& selection) {
  selection.config = add_config_options(command, {.database = true, .consumer = true});
}

void add_state(CLI::App& command, DeadSelection& selection, const char* preset) {
  selection.state = preset;
  command.add_option("--state", selection.state, "What has become of it")
      ->capture_default_str()
      ->check(CLI::IsMember({"dead", "redriven", "discarded", "all"}));
}

void add_ids(CLI::App& command, DeadSelection& selection) {
  command.add_option("ids", selection.ids, "Dead letters, by id")->type_name("ID");
}

Selected::Selected(const DeadSelection& selection,
                   const Invocation& invocation,
                   const std::string& program)
    : settings(load(
          *selection.config, invocation, {.kafka = false, .database = true, .consumer = true})),
      filter(filter_of(selection, SystemClock{}.wall())),
      connection({.url = settings.database.url.reveal(), .application_name = program}) {
  filter.consumer =
      consumer_number(connection, settings.database.url.reveal(), settings.consumer.name, program);
}

}  // namespace pawl::cli
