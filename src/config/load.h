// From file, environment and command line to checked settings.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/config/fault.h"
#include "pawl/config/settings.h"

namespace pawl::config {

/// What the Kafka edge knows about librdkafka's properties; handed in, because config stands below
/// it.
struct KafkaPropertyRules {
  std::function<bool(std::string_view name)> allowed;  // may be given under kafka.properties
  std::function<bool(std::string_view name)> secret;   // prints as stars, may be read from a file
  std::vector<std::string> names;                      // the allowed ones, for "did you mean"
  /// What is wrong with an allowed property's value, without repeating a secret; empty: nothing is.
  /// May be left out.
  std::function<std::optional<std::string>(const std::string& name, const std::string& value)>
      fault;
};

/// What only the program knows.
struct Defaults {
  std::string domain;    // "ledger": names the topics
  std::string consumer;  // "ledger": consumer.name; empty: the program has none, it must be set
  Retries retry{};       // as registered in code
  OnFailures on_failure{};
  std::vector<std::string> command_types{};  // what on_failure may name; empty: whatever it likes
};

/// Which other side the program talks to; asking for an address that it never uses would be a
/// nuisance.
struct Needs {
  bool kafka = true;
  bool database = true;
  bool consumer = true;
};

struct Sources {
  std::optional<std::string> file;                  // path of a TOML file
  std::map<std::string, std::string> environment;   // see current_environment()
  std::map<std::string, std::string> command_line;  // setting name -> text, wins over everything
  Defaults defaults;
  Needs needs;
  KafkaPropertyRules kafka_properties;
  std::set<std::string> ignored_environment;  // PAWL_… of the program's own: PAWL_CONFIG
};

/// Where a setting's value came from: "default", "code" (registered there, and other than the
/// default), "pawl.toml:12", "environment PAWL_…", "command line". Keyed by setting name; kafka
/// properties as "kafka.properties.NAME", on_failure as "on_failure.TYPE".
using Origins = std::map<std::string, std::string>;

struct Loaded {
  Settings settings;
  Origins origins;
};

/// Default < code < file < environment < command line. Either settings that passed every check, or
/// every fault found. Reads the TOML file and the files that `*_file` / `*_FILE` name; nothing else
/// outside `sources`.
[[nodiscard]] std::expected<Loaded, std::vector<Fault>> load_settings(const Sources& sources);

/// The process's environment as a map. To be called by main, before threads start.
[[nodiscard]] std::map<std::string, std::string> current_environment();

/// --print-config: TOML that loads again to the same settings (secrets, which print as stars,
/// excepted). Each line tells where its value came from.
[[nodiscard]] std::string render_settings(const Loaded& loaded, const KafkaPropertyRules& rules);

/// The reference for --help and the documentation: every setting with its default, what is allowed,
/// its environment variable and its sentence, as TOML comments and defaults, so that it is also a
/// template.
[[nodiscard]] std::string render_reference(const Defaults& defaults);

}  // namespace pawl::config
