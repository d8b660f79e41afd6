#include "pawl/consumer/settings_source.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "pawl/config/fault.h"
#include "pawl/core/version.h"
#include "pawl/kafka/settings.h"

namespace pawl {

config::KafkaPropertyRules kafka_property_rules() {
  config::KafkaPropertyRules rules{.allowed = kafka::property_allowed,
                                   .secret = kafka::property_secret,
                                   .names = {},
                                   .fault = kafka::property_fault};
  for (const std::string_view name : kafka::allowed_properties()) rules.names.emplace_back(name);
  return rules;
}

SettingsOptions::SettingsOptions(CLI::App& app, config::Defaults defaults, config::Needs needs)
    : defaults_(std::move(defaults)), needs_(needs) {
  app.add_option("--config", file_, "TOML file; PAWL_SECTION__KEY in the environment goes over it")
      ->envname("PAWL_CONFIG");
  app.add_flag(
      "--check-config", check_, "check the configuration, say every fault, and exit (0 or 78)");
  app.add_flag(
      "--print-config", print_, "print the configuration in effect, secrets as ***, and exit");
  app.add_flag(
      "--settings", reference_, "print every setting with its default and meaning, and exit");
  app.set_version_flag("--version", std::string(kVersion));
}

std::expected<config::Settings, int> SettingsOptions::load() const {
  if (reference_) {
    fmt::print("{}", config::render_reference(defaults_));
    return std::unexpected(0);
  }
  const config::KafkaPropertyRules rules = kafka_property_rules();
  const auto loaded =
      config::load_settings({.file = file_.empty() ? std::nullopt : std::optional(file_),
                             .environment = config::current_environment(),
                             .command_line = {},
                             .defaults = defaults_,
                             .needs = needs_,
                             .kafka_properties = rules,
                             .ignored_environment = {"PAWL_CONFIG"}});
  if (!loaded) {
    fmt::print(stderr, "{}", config::render_faults(loaded.error()));
    return std::unexpected(kWrongConfiguration);
  }
  if (print_) fmt::print("{}", config::render_settings(*loaded, rules));
  if (check_ && !print_) fmt::print("the configuration is fine\n");
  if (print_ || check_) return std::unexpected(0);
  return loaded->settings;
}

}  // namespace pawl
