#include "pawl/cli/replay_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "pawl/cli/config_options.h"
#include "pawl/cli/consumer_number.h"
#include "pawl/cli/dead_decision.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/table.h"
#include "pawl/core/clock.h"
#include "pawl/core/rfc3339.h"
#include "pawl/kafka/admin.h"
#include "pawl/run_control/replay.h"

namespace pawl::cli {
namespace {

using run_control::FirstOffset;

constexpr const char* kProgram = "pawl replay";

struct Options {
  std::shared_ptr<ConfigOptions> config;
  std::string topic;
  std::string from;
  std::string as;
  DeadDecision decision;
};

/// What a worker under the new name will read.
struct Replay {
  WallTime from;
  std::vector<FirstOffset> firsts;
  std::vector<std::int64_t> ends;  // of the same partitions

  [[nodiscard]] std::int64_t records() const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < firsts.size(); ++i) sum += ends[i] - firsts[i].offset;
    return sum;
  }
};

WallTime moment_of(const Options& options) {
  const auto moment = parse_moment(options.from, SystemClock{}.wall());
  if (moment) return *moment;
  throw Complaint(ExitCode::usage,
                  fmt::format("{}: --from-timestamp \"{}\"; expected 2026-11-22, "
                              "2026-11-22T08:30:00Z (UTC) or an age such as 2h",
                              kProgram,
                              options.from));
}

Replay ask_broker(const Options& options, const config::Settings& settings) {
  Replay replay{.from = moment_of(options), .firsts = {}, .ends = {}};
  kafka::Admin admin{kafka_of(settings)};
  std::int32_t partition = 0;
  for (const std::int64_t offset : admin.offsets_at(options.topic, replay.from))
    replay.firsts.push_back({{options.topic, partition++}, offset});
  for (const kafka::Watermarks& marks : admin.watermarks(options.topic))
    replay.ends.push_back(marks.high);
  return replay;
}

void begin(const Options& options, const config::Settings& settings, const Replay& replay) {
  const std::string url = settings.database.url.reveal();
  postgres::Connection connection{{.url = url, .application_name = kProgram, .session = {}}};
  require_schema(connection, url, kProgram);
  if (run_control::begin_replay(connection,
                                options.as,
                                replay.firsts,
                                replay.from,
                                {options.decision.who, options.decision.reason}))
    return;
  throw Complaint(
      ExitCode::failed,
      fmt::format("{}: a consumer named {} has positions already; a replay begins under "
                  "a name that nobody has used",
                  kProgram,
                  options.as));
}

void tell(const Options& options, const config::Settings& settings, const Replay& replay) {
  Table table{{"partition", "from offset", "end", "records"}};
  for (std::size_t i = 0; i < replay.firsts.size(); ++i) {
    const FirstOffset& first = replay.firsts[i];
    table.add({fmt::format("{}", first.lane.partition),
               grouped(first.offset),
               grouped(replay.ends[i]),
               grouped(replay.ends[i] - first.offset)});
  }
  print(fmt::format("consumer {} begins at {}, {} UTC: {} records so far",
                    options.as,
                    options.topic,
                    readable(replay.from),
                    grouped(replay.records())));
  print(table.lines());
  print(fmt::format(R"(
Start a worker under that name, with the configuration of the live one and
  consumer.name = "{0}"            (or PAWL_CONSUMER__NAME={0})
  consumer.commands_topic = "{1}"
It is a consumer of its own: own inbox, own Kafka group, own dead letters (their topic must exist: `pawl topics create`).
Every handler runs again and every event is published again, in the same tables and topics unless the configuration
names others: only for consumers whose effects may be repeated. {2} goes on where it is.)",
                    options.as,
                    options.topic,
                    settings.consumer.name));
}

ExitCode replay(const Options& options, const Invocation& invocation) {
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = true, .database = true, .consumer = true});
  if (options.as == settings.consumer.name) {
    throw Complaint(ExitCode::failed,
                    fmt::format("{}: {} is the live consumer of this configuration; give --as a "
                                "name that nobody has used",
                                kProgram,
                                options.as));
  }
  const Replay replay = ask_broker(options, settings);
  begin(options, settings, replay);
  if (!options.decision.json) {
    tell(options, settings, replay);
    return ExitCode::ok;
  }
  nlohmann::ordered_json json;
  json["action"] = "replay";
  json["consumer"] = options.as;
  json["topic"] = options.topic;
  json["from"] = rfc3339(replay.from);
  json["records"] = replay.records();
  json["lanes"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < replay.firsts.size(); ++i) {
    json["lanes"].push_back({{"partition", replay.firsts[i].lane.partition},
                             {"from_offset", replay.firsts[i].offset},
                             {"end_offset", replay.ends[i]}});
  }
  json["reason"] = options.decision.reason;
  json["who"] = options.decision.who;
  print(json.dump(2));
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
Gives a consumer that does not exist yet a position in each partition, at the first record that is not older. Reads nothing and starts
nothing; no live position is touched. Whoever runs a worker under that name runs all handlers again.

Exit code: 0 it may be started, 1 the name is in use, 64 wrong arguments, 75 broker or database away.

Examples:
  pawl replay --topic ledger.commands --from-timestamp 2026-11-22T08:30:00Z --as ledger-replay --config ledger.toml
  pawl replay --topic ledger.commands --from-timestamp 2h --as report-2 --json)";

}  // namespace

void add_replay(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("replay", "Read a topic again, under another name");
  auto options = std::make_shared<Options>();
  options->config = add_config_options(*command, {.brokers = true, .database = true});
  command->add_option("--topic", options->topic, "What to read again")
      ->type_name("NAME")
      ->required();
  command
      ->add_option("--from-timestamp", options->from, "The oldest record: a time in UTC, or an age")
      ->type_name("TIME")
      ->required();
  command->add_option("--as", options->as, "The new consumer's name")
      ->type_name("CONSUMER")
      ->required();
  add_who_and_why(*command, options->decision, invocation);
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return replay(*options, invocation); };
  });
}

}  // namespace pawl::cli
