// The options that every program with a configuration has: --config, --check-config,
// --print-config, --settings, --version.
#pragma once

#include <expected>
#include <string>

#include "pawl/config/load.h"

namespace CLI {
class App;
}

namespace pawl {

inline constexpr int kWrongConfiguration = 78;  // EX_CONFIG, sysexits.h

/// What kafka.properties may hold.
[[nodiscard]] config::KafkaPropertyRules kafka_property_rules();

class SettingsOptions {
 public:
  /// Adds the options to `app`, which must outlive this.
  SettingsOptions(CLI::App& app, config::Defaults defaults, config::Needs needs = {});

  /// After parsing: the settings, or the exit code when there is nothing more to do (faults are on
  /// standard error by then, what was asked to be printed on standard output).
  [[nodiscard]] std::expected<config::Settings, int> load() const;

 private:
  config::Defaults defaults_;
  config::Needs needs_;
  std::string file_;
  bool check_ = false;
  bool print_ = false;
  bool reference_ = false;
};

}  // namespace pawl
