#include "pawl/cli/config_options.h"

#include <CLI/CLI.hpp>

#include "pawl/consumer/settings_source.h"

namespace pawl::cli {
std::shared_ptr<ConfigOptions> add_config_options(CLI::App& command, const ConfigParts& parts) {
  auto options = std::make_shared<ConfigOptions>();
  command
      .add_option("--config", options->file, "TOML file with the consumer's settings (PAWL_CONFIG)")
      ->type_name("FILE")
      ->envname("PAWL_CONFIG");
  if (parts.brokers) {
    command.add_option("--brokers", options->brokers, "Kafka, \"host:port,…\" (kafka.brokers)")
        ->type_name("LIST");
  }
  if (parts.database) {
    command
        .add_option("--database",
                    options->database,
                    "PostgreSQL (database.url); a password is better given by DATABASE_URL, "
                    "PGPASSFILE or the file")
        ->type_name("URL");
  }
  if (parts.consumer) {
    command.add_option("--consumer", options->consumer, "consumer's name (consumer.name) [ledger]")
        ->type_name("NAME");
  }
  return options;
}

config::Settings load(const ConfigOptions& options,
                      const Invocation& invocation,
                      const config::Needs& needs) {
  return load_over({.domain = "ledger", .consumer = "ledger"}, options, invocation, needs).settings;
}

config::Loaded load_over(config::Defaults defaults,
                         const ConfigOptions& options,
                         const Invocation& invocation,
                         const config::Needs& needs) {
  config::Sources sources{.environment = invocation.environment,
                          .defaults = std::move(defaults),
                          .needs = needs,
                          .kafka_properties = kafka_property_rules(),
                          .ignored_environment = {"PAWL_CONFIG"}};
  if (!options.file.empty()) sources.file = options.file;
  if (!options.brokers.empty()) sources.command_line["kafka.brokers"] = options.brokers;
  if (!options.database.empty()) sources.command_line["database.url"] = options.database;
  if (!options.consumer.empty()) sources.command_line["consumer.name"] = options.consumer;
  auto loaded = config::load_settings(sources);
  if (!loaded) throw Complaint(ExitCode::configuration, config::render_faults(loaded.error()));
  return *std::move(loaded);
}

kafka::KafkaSettings kafka_of(const config::Settings& settings) {
  return {.brokers = settings.kafka.brokers,
          .properties = settings.kafka.revealed_properties(),
          .client_id = "pawl-cli"};
}

}  // namespace pawl::cli
