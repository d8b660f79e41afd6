#include "pawl/cli/topics_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>

#include "pawl/cli/config_options.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/cli/table.h"
#include "pawl/kafka/admin.h"

namespace pawl::cli {
namespace {

constexpr const char* kFooter = R"(
Makes consumer.commands_topic, consumer.events_topic and consumer.dead_letter_topic. Topics that exist stay as they are, and
it is said where their partitions differ from --partitions: adding partitions later sends keys elsewhere, so it is not done
here. Retention is the broker's default; for commands it must not exceed inbox.dedupe_window.

Exit code: 0 all exist now, 1 the broker refused, 75 no broker answers, 78 wrong configuration.

Examples:
  pawl topics create --config ledger.toml
  pawl topics create --brokers localhost:9092 --partitions 16 --replication-factor 3)";

struct Options {
  std::shared_ptr<ConfigOptions> config;
  int partitions = 8;
  int replication_factor = 1;
};

constexpr std::chrono::seconds kVisibleMax{10};

/// A topic is made a moment before every broker knows it; whoever is started next shall find it. 0:
/// still not to be seen.
int visible_partitions(kafka::Admin& admin, const std::string& topic) {
  const auto deadline = std::chrono::steady_clock::now() + kVisibleMax;
  while (true) {
    const kafka::TopicDescription description = admin.describe(topic);
    if (description.exists || std::chrono::steady_clock::now() > deadline)
      return description.partitions;
    StopSignal::pause(std::chrono::milliseconds{50});
  }
}

std::string outcome(bool created, int partitions, int wanted) {
  std::string text = fmt::format("{}  {} partitions", created ? "created" : "exists ", partitions);
  if (partitions != wanted) text += fmt::format(" (asked for: {}; left as it is)", wanted);
  return text;
}

ExitCode create(const Options& options, const Invocation& invocation) {
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = true, .database = false, .consumer = true});
  kafka::Admin admin{kafka_of(settings)};
  const std::array topics{settings.consumer.commands_topic,
                          settings.consumer.events_topic,
                          settings.consumer.dead_letter_topic};
  Table table{{"", ""}};
  table.left_aligned();
  for (const std::string& topic : topics) {
    const bool created = admin.create_topic({.name = topic,
                                             .partitions = options.partitions,
                                             .replication_factor = options.replication_factor});
    table.add({topic, outcome(created, visible_partitions(admin, topic), options.partitions)});
  }
  for (const std::string& line : table.lines_without_head()) print(line);
  return ExitCode::ok;
}

}  // namespace

void add_topics(CLI::App& app, Invocation& invocation) {
  CLI::App* topics = app.add_subcommand("topics", "Kafka topics");
  topics->require_subcommand(0, 1);  // run() wants one
  CLI::App* command =
      topics->add_subcommand("create", "Make the topics that the configuration names");
  auto options = std::make_shared<Options>();
  options->config = add_config_options(*command, {.brokers = true, .consumer = true});
  command->add_option("--partitions", options->partitions, "Partitions of each new topic")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command
      ->add_option("--replication-factor",
                   options->replication_factor,
                   "Copies of each partition; -1: the broker's default")
      ->capture_default_str()
      ->check(CLI::Range(-1, 100));
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return create(*options, invocation); };
  });
}

}  // namespace pawl::cli
