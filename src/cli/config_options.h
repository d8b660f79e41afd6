// The options that most subcommands share: where the settings come from.
#pragma once

#include <memory>
#include <string>

#include "pawl/cli/invocation.h"
#include "pawl/config/load.h"
#include "pawl/kafka/settings.h"

namespace CLI {
class App;
}

namespace pawl::cli {

struct ConfigOptions {
  std::string file;
  std::string brokers;
  std::string database;
  std::string consumer;
};

/// Which of them a subcommand has.
struct ConfigParts {
  bool brokers = false;
  bool database = false;
  bool consumer = false;
};

/// Adds --config and those of `parts`. The result lives as long as the subcommand's action holds
/// it.
[[nodiscard]] std::shared_ptr<ConfigOptions> add_config_options(CLI::App& command,
                                                                const ConfigParts& parts);

/// Defaults < file < environment < options. `needs`: what must be set. Throws
/// Complaint(configuration) with all faults.
[[nodiscard]] config::Settings load(const ConfigOptions& options,
                                    const Invocation& invocation,
                                    const config::Needs& needs);

/// The same over what a program's code says, with the origin of each setting.
[[nodiscard]] config::Loaded load_over(config::Defaults defaults,
                                       const ConfigOptions& options,
                                       const Invocation& invocation,
                                       const config::Needs& needs);

[[nodiscard]] kafka::KafkaSettings kafka_of(const config::Settings& settings);

}  // namespace pawl::cli
