#include "pawl/cli/load_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "pawl/cli/load_options.h"
#include "pawl/cli/load_report.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/cli/terminal.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/record_producer.h"

namespace pawl::cli {
namespace {

using command_publisher::GeneratedRecord;
using command_publisher::LoadGenerator;
using command_publisher::LoadPlan;
using command_publisher::LoadProgress;
using command_publisher::LoadRun;
using namespace std::chrono_literals;

constexpr const char* kFooter = R"(
First opens the accounts (with an overdraft limit that no load uses up), then sends transfers and what else is asked for. It
ends at --count or --seconds, whichever comes first, or at Ctrl-C. Percentages are parts of all records after the opens.
A transfer that overtakes the opening of its other account on another partition is rejected: for exact counts run once with
--count 0, wait for the consumer, then run with --no-open.

Exit code: 0 all acknowledged, 1 some were not, 75 no broker answers, 78 wrong configuration.

Examples:
  pawl load --brokers localhost:9092 --count 1M --accounts 10000
  pawl load --config ledger.toml --rate 5k/s --duplicates 2% --rejections 5% --garbage 1%
  pawl load --config ledger.toml --no-open --skew 50%:10 --json --seconds 60)";

constexpr auto kDeliveryMax = 30s;
constexpr auto kPlainEvery = 2s;

/// Redraws a bar on a terminal, writes a line now and then elsewhere.
class Progress {
 public:
  Progress(const LoadPlan& plan, const Clock& clock) : plan_(plan), clock_(clock) {}

  void show(const LoadProgress& progress) {
    const SteadyTime now = clock_.now();
    if (!terminal_.interactive() && now - shown_ < kPlainEvery) return;
    shown_ = now;
    terminal_.draw({progress_line(progress, plan_, terminal_.size().columns)});
  }
  void clear() {
    if (terminal_.interactive()) terminal_.draw({});
  }

 private:
  LoadPlan plan_;
  const Clock& clock_;
  Terminal terminal_{STDERR_FILENO};
  SteadyTime shown_ = clock_.now();
};

kafka::ProducerSettings producer_settings(const kafka::KafkaSettings& kafka) {
  return {.kafka = kafka, .linger = 5ms, .queue_records = 100'000, .delivery_max = kDeliveryMax};
}

LoadProgress send(const LoadOptions& options,
                  const std::string& topic,
                  LoadGenerator& generator,
                  kafka::RecordProducer& producer) {
  StopSignal stop;
  const SystemClock clock;
  const LoadPlan plan = plan_of(options);
  Progress progress{plan, clock};
  LoadRun run{plan,
              {.generator = generator,
               .clock = clock,
               .sink =
                   [&](const GeneratedRecord& record, WallTime now) {
                     producer.produce({.topic = topic,
                                       .key = record.key,
                                       .value = record.value,
                                       .headers = record.headers,
                                       .timestamp = now});
                   },
               .pause = [&stop](std::chrono::nanoseconds time) { return stop.wait(time); },
               .progress = [&progress](const LoadProgress& now) { progress.show(now); }}};
  const SteadyTime begun = clock.now();
  if (run.open_accounts() && (options.count.empty() || plan.count > 0)) run.run();
  producer.flush(kDeliveryMax + 1s);
  progress.clear();
  return {.sent = generator.counts(), .elapsed = clock.now() - begun};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file{path};
  if (!(file << text).flush()) {
    throw Complaint(ExitCode::failed,
                    fmt::format("pawl load: cannot write {}; check folder and rights", path));
  }
}

ExitCode load_commands(const LoadOptions& options, const Invocation& invocation) {
  std::optional<LoadGenerator> generator;
  try {
    generator.emplace(shape_of(options));
  } catch (const std::invalid_argument& error) {
    throw Complaint(ExitCode::usage, std::string("pawl load: ") + error.what());
  }
  static_cast<void>(plan_of(options));  // complains before anything is sent
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = true, .database = false, .consumer = true});
  const kafka::KafkaSettings kafka = kafka_of(settings);
  const std::string topic =
      options.topic.empty() ? settings.consumer.commands_topic : options.topic;
  static_cast<void>(kafka::require_topics(kafka, std::array{topic}, 15s));
  kafka::RecordProducer producer{producer_settings(kafka)};
  LoadSummary summary{.sent = send(options, topic, *generator, producer),
                      .acknowledged = producer.counts().delivered,
                      .failed = producer.counts().failed,
                      .seed = generator->shape().seed,
                      .topic = topic};
  print(summary_text(summary));
  if (!options.summary_json.empty()) write_file(options.summary_json, summary_json(summary));
  if (summary.acknowledged == summary.sent.sent.all()) return ExitCode::ok;
  print_error(
      fmt::format("pawl load: not all records were acknowledged; last error: {}",
                  producer.last_error().empty() ? "no answer in time" : producer.last_error()));
  return ExitCode::failed;
}

}  // namespace

void add_load(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("load", "Send ledger commands, many");
  auto options = std::make_shared<LoadOptions>();
  add_load_options(*command, *options);
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return load_commands(*options, invocation); };
  });
}

}  // namespace pawl::cli
