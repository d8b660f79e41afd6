#include "pawl/cli/skip_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "pawl/cli/config_options.h"
#include "pawl/cli/consumer_number.h"
#include "pawl/cli/dead_decision.h"
#include "pawl/cli/lane_choice.h"
#include "pawl/cli/numbers.h"
#include "pawl/consumer/parts.h"
#include "pawl/consumer/skip.h"
#include "pawl/core/clock.h"
#include "pawl/core/failure.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/record_reader.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;

constexpr const char* kProgram = "pawl skip";
constexpr std::chrono::milliseconds kBrokerMax = 5s;
constexpr std::chrono::milliseconds kReadMax = 10s;
constexpr int kTriesMax = 5;  // while the consumer is in the way

const postgres::Statement kNextOffset{"",
                                      "SELECT next_offset FROM pawl.consumer_position WHERE "
                                      "consumer = $1 AND topic = $2 AND partition "
                                      "= $3"};

struct Options {
  std::shared_ptr<ConfigOptions> config;
  LaneChoice lane;
  std::int64_t offset = 0;
  DeadDecision decision;
};

/// The lane that is meant, and where it stands.
struct Meant {
  std::int16_t consumer;
  TopicPartition lane;
  std::int64_t next_offset;
};

Meant find_lane(const Options& options, const config::Settings& settings) {
  const std::string url = settings.database.url.reveal();
  const std::string& name = settings.consumer.name;
  postgres::Connection connection{{.url = url, .application_name = kProgram, .session = {}}};
  const std::int16_t consumer = consumer_number(connection, url, name, kProgram);
  const TopicPartition lane = *chosen_lane(connection, consumer, name, options.lane, kProgram);
  postgres::Parameters parameters;
  parameters.add(consumer);
  parameters.add(std::string_view(lane.topic));
  parameters.add(lane.partition);
  return {consumer, lane, connection.execute(kNextOffset, parameters).integer(0, 0)};
}

[[noreturn]] void refuse(const Meant& meant, const std::string& why) {
  throw Complaint(
      ExitCode::failed,
      fmt::format("{}: {}/{} {}", kProgram, meant.lane.topic, meant.lane.partition, why));
}

void require_readable(const kafka::KafkaSettings& kafka, const Meant& meant) {
  const auto marks = kafka::Admin{kafka, kBrokerMax}.watermarks(meant.lane.topic);
  if (std::cmp_greater_equal(meant.lane.partition, marks.size()))
    refuse(meant, "does not exist at the broker");
  const auto& [low, high] = marks[static_cast<std::size_t>(meant.lane.partition)];
  if (meant.next_offset >= high)
    refuse(meant, fmt::format("has been read to its end, offset {}: nothing to skip", high));
  if (meant.next_offset < low) {
    refuse(meant,
           fmt::format("stands at offset {}, which the broker has no more (it begins at {}): there "
                       "is no record to keep as a dead letter. Decide where to go on, and set "
                       "next_offset of its row in pawl.consumer_position",
                       meant.next_offset,
                       low));
  }
}

// The first record at or behind the position: what the lane stands at.
Record read_record(const kafka::KafkaSettings& kafka, const Meant& meant) {
  require_readable(kafka, meant);
  std::map<std::int32_t, std::int64_t> from;
  std::int32_t partition = 0;
  for (const auto& marks : kafka::Admin{kafka, kBrokerMax}.watermarks(meant.lane.topic))
    from.emplace(partition++, marks.high);
  from[meant.lane.partition] = meant.next_offset;
  kafka::RecordReader reader{kafka, meant.lane.topic, from};
  const SystemClock clock;
  const SteadyTime until = clock.now() + kReadMax;
  while (clock.now() < until) {
    std::optional<Record> record = reader.poll(100ms);
    if (!record || record->partition != meant.lane.partition) continue;
    if (record->offset >= meant.next_offset) return *std::move(record);
  }
  refuse(meant, fmt::format("has no record from offset {} on that can be read", meant.next_offset));
}

Skipped skip_patiently(const config::Settings& settings,
                       const codec::CommandDecoder& decoder,
                       const Options& options,
                       const Meant& meant,
                       const kafka::KafkaSettings& kafka) {
  const SkipRequest request{
      meant.consumer, meant.lane, meant.next_offset, options.decision.who, options.decision.reason};
  for (int tries = 1;; ++tries) {
    Record record = read_record(kafka, meant);
    if (record.offset != options.offset) {
      refuse(meant,
             fmt::format("stands at offset {}, not {}: only the record it stands at can be skipped",
                         record.offset,
                         options.offset));
    }
    try {
      return skip(settings, decoder, request, std::move(record));
    } catch (const Failure& failure) {
      if (failure.remedy() != Remedy::rerun_now || tries == kTriesMax) throw;
    }
  }
}

// The consumer may be another program's, whose types we do not have.
codec::CommandDecoder decoder_of(const std::vector<const codec::CommandType*>& types,
                                 const config::Settings& settings) {
  const bool knows_plain =
      std::ranges::find(types, settings.consumer.plain.type, &codec::CommandType::name) !=
      types.end();
  return codec::CommandDecoder{types, knows_plain ? plain_settings(settings) : std::nullopt};
}

std::string sentence_of(Skipped ending, const Options& options, const Meant& meant) {
  const std::string record =
      fmt::format("{}/{} offset {}", meant.lane.topic, meant.lane.partition, options.offset);
  if (ending == Skipped::buried)
    return record + " skipped: it is a dead letter now (`pawl dead list`)";
  return record + " passed over: its id had ended before, so it was a duplicate";
}

ExitCode skip_record(const Options& options,
                     const std::vector<const codec::CommandType*>& types,
                     const Invocation& invocation) {
  require_reason(options.decision, kProgram);
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = true, .database = true, .consumer = true});
  const Meant meant = find_lane(options, settings);
  if (meant.lane.topic != settings.consumer.commands_topic) {
    throw Complaint(ExitCode::configuration,
                    fmt::format("{}: {} reads {}, the configuration says {}: give the consumer's "
                                "own with --config; its dead letters' topic is in it",
                                kProgram,
                                settings.consumer.name,
                                meant.lane.topic,
                                settings.consumer.commands_topic));
  }
  const codec::CommandDecoder decoder = decoder_of(types, settings);
  const Skipped ending = skip_patiently(settings, decoder, options, meant, kafka_of(settings));
  if (ending == Skipped::moved) refuse(meant, "has moved on by itself meanwhile");
  if (!options.decision.json) {
    print(sentence_of(ending, options, meant));
    return ExitCode::ok;
  }
  nlohmann::ordered_json json;
  json["action"] = "skip";
  json["consumer"] = settings.consumer.name;
  json["topic"] = meant.lane.topic;
  json["partition"] = meant.lane.partition;
  json["offset"] = options.offset;
  json["ending"] = ending == Skipped::buried ? "dead_letter" : "duplicate";
  json["reason"] = options.decision.reason;
  json["who"] = options.decision.who;
  print(json.dump(2));
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
Only the record that the partition stands at, by its offset (`pawl status`, or the log of what fails): it is kept as a dead letter,
class "skipped", and can be redriven; its id counts as ended. What the consumer has in flight is done again; it goes on behind the
record within a second. Whether it decodes does not matter.

Exit code: 0 skipped, 1 the partition does not stand there, 64 no reason given, 75 broker or database away.

Examples:
  pawl skip ledger --partition 3 --offset 812 --reason "crashes every worker, see incident 12" --config ledger.toml)";

}  // namespace

void add_skip(CLI::App& app, Invocation& invocation, std::vector<const codec::CommandType*> types) {
  CLI::App* command =
      app.add_subcommand("skip", "Take the record that a partition stands at out of its way");
  auto options = std::make_shared<Options>();
  options->config = add_config_options(*command, {.brokers = true, .database = true});
  command->add_option("consumer", options->config->consumer, "Its name (consumer.name)")
      ->type_name("CONSUMER")
      ->required();
  add_lane_choice(*command, options->lane);
  command->get_option("--partition")->required();
  command->add_option("--offset", options->offset, "Of the record")->type_name("N")->required();
  add_who_and_why(*command, options->decision, invocation);
  command->footer(kFooter);
  command->callback([options, types = std::move(types), &invocation] {
    invocation.action = [options, types, &invocation] {
      return skip_record(*options, types, invocation);
    };
  });
}

}  // namespace pawl::cli
