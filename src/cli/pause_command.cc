#include "pawl/cli/pause_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "pawl/cli/config_options.h"
#include "pawl/cli/consumer_number.h"
#include "pawl/cli/dead_decision.h"
#include "pawl/cli/lane_choice.h"
#include "pawl/cli/pause_text.h"
#include "pawl/run_control/pauses.h"

namespace pawl::cli {
namespace {

using nlohmann::ordered_json;
using run_control::StandingPause;

struct Options {
  std::shared_ptr<ConfigOptions> config;
  LaneChoice lane;
  std::optional<std::string> type;
  DeadDecision decision;
  bool all = false;  // of resume
};

/// The consumer that is meant, in its database.
struct Meant {
  Meant(const Options& options, const Invocation& invocation, const std::string& program)
      : settings(load(
            *options.config, invocation, {.kafka = false, .database = true, .consumer = false})),
        connection({.url = settings.database.url.reveal(), .application_name = program}),
        number(consumer_number(
            connection, settings.database.url.reveal(), settings.consumer.name, program)),
        pause{
            .lane = chosen_lane(connection, number, settings.consumer.name, options.lane, program),
            .type = options.type} {}

  config::Settings settings;
  postgres::Connection connection;
  std::int16_t number;
  Pause pause;
};

ExitCode tell(const char* action,
              const Options& options,
              Meant& meant,
              std::int64_t count,
              const std::string& sentence) {
  const std::vector<StandingPause> standing =
      run_control::standing_pauses(meant.connection, meant.number);
  if (options.decision.json) {
    ordered_json json;
    json["action"] = action;
    json["consumer"] = meant.settings.consumer.name;
    json["count"] = count;
    json["standing"] = ordered_json::array();
    for (const StandingPause& each : standing) json["standing"].push_back(json_of(each));
    json["reason"] = options.decision.reason;
    json["who"] = options.decision.who;
    print(json.dump(2));
    return ExitCode::ok;
  }
  print(sentence);
  if (!standing.empty()) print("paused now:");
  for (const StandingPause& each : standing) print("  " + line_of(each));
  return ExitCode::ok;
}

std::string name_of(const Meant& meant) {
  return meant.settings.consumer.name + ": " + words_of(meant.pause);
}

ExitCode pause(const Options& options, const Invocation& invocation) {
  Meant meant{options, invocation, "pawl pause"};
  const bool is_new = run_control::pause(
      meant.connection, meant.number, meant.pause, {options.decision.who, options.decision.reason});
  return tell("pause",
              options,
              meant,
              is_new ? 1 : 0,
              is_new ? name_of(meant) + " paused; all processes obey within a second"
                     : name_of(meant) + " had been paused already");
}

std::int64_t end_pauses(const Options& options, Meant& meant) {
  const run_control::Decision decision{options.decision.who, options.decision.reason};
  if (options.all) return run_control::resume_all(meant.connection, meant.number, decision);
  return run_control::resume(meant.connection, meant.number, meant.pause, decision) ? 1 : 0;
}

ExitCode resume(const Options& options, const Invocation& invocation) {
  const bool narrowed = options.lane.partition || options.type || !options.lane.topic.empty();
  if (options.all && narrowed) throw Complaint(ExitCode::usage, "pawl resume: --all stands alone");
  Meant meant{options, invocation, "pawl resume"};
  const std::int64_t ended = end_pauses(options, meant);
  const std::string name = options.all ? meant.settings.consumer.name + ": all" : name_of(meant);
  return tell("resume",
              options,
              meant,
              ended,
              ended > 0 ? name + " resumed; all processes obey within a second"
                        : name + " had not been paused");
}

constexpr const char* kPauseFooter = R"(
A paused consumer or partition takes nothing new; what is in flight ends. Commands of a paused type wait where those that failed wait:
each holds its key, other keys go on, no attempt is counted. It is kept in the database: processes that start later obey, too.
Pauses add up; each is ended by `pawl resume` with the same options.

Exit code: 0 paused, now or already; 1 no such consumer or partition; 75 database away.

Examples:
  pawl pause ledger --reason "schema change"
  pawl pause ledger --partition 3
  pawl pause ledger --type ledger.v1.CloseMonth --reason "statements are wrong" --json)";

constexpr const char* kResumeFooter = R"(
Ends the pause that `pawl pause` with the same options began. What waited is due at once, in order per key.

Exit code: 0 it runs, now or already, unless other pauses stand; 1 no such consumer or partition; 75 database away.

Examples:
  pawl resume ledger
  pawl resume ledger --type ledger.v1.CloseMonth
  pawl resume ledger --all)";

using Action = ExitCode (*)(const Options&, const Invocation&);

void add_options(CLI::App& command,
                 const std::shared_ptr<Options>& options,
                 Invocation& invocation,
                 Action action) {
  options->config = add_config_options(command, {.database = true});
  command.add_option("consumer", options->config->consumer, "Its name (consumer.name)")
      ->type_name("CONSUMER")
      ->required();
  add_lane_choice(command, options->lane);
  command
      .add_option("--type", options->type, "Commands of this type, such as ledger.v1.CloseMonth")
      ->type_name("TYPE");
  add_who_and_why(command, options->decision, invocation);
  command.callback([options, action, &invocation] {
    invocation.action = [options, action, &invocation] { return action(*options, invocation); };
  });
}

}  // namespace

void add_pause(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("pause", "Stop a consumer, a partition or a type");
  add_options(*command, std::make_shared<Options>(), invocation, pause);
  command->footer(kPauseFooter);
}

void add_resume(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("resume", "Let go on what was paused");
  auto options = std::make_shared<Options>();
  add_options(*command, options, invocation, resume);
  command->add_flag("--all", options->all, "End all pauses of the consumer");
  command->footer(kResumeFooter);
}

}  // namespace pawl::cli
