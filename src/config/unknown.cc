#include "pawl/config/unknown.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "pawl/config/nearest.h"
#include "pawl/config/text_values.h"

namespace pawl::config {
namespace {

// Properties that people know from librdkafka and that are settings of ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOwnSettings{{
    {"bootstrap.servers", "kafka.brokers"},
    {"metadata.broker.list", "kafka.brokers"},
    {"group.id", "consumer.name"},
    {"auto.offset.reset", "consumer.start_from"},
    {"linger.ms", "relay.linger"},
}};

bool is_section(const std::string& name, const std::vector<Setting>& table) {
  if (name == kPropertiesPrefix.substr(0, kPropertiesPrefix.size() - 1)) return true;
  for (const Setting& setting : table) {
    if (setting.name.starts_with(name + '.')) return true;
  }
  return false;
}

/// Full names, and for a bare "max_bytes" in the wrong section those that end with it.
std::vector<std::string> known_names(const std::vector<Setting>& table) {
  std::vector<std::string> names;
  for (const Setting& setting : table) {
    names.push_back(setting.name);
    if (setting.secret) names.push_back(setting.name + "_file");
  }
  return names;
}

std::optional<std::string> meant_setting(const std::string& name,
                                         const std::vector<Setting>& table) {
  const auto names = known_names(table);
  if (auto meant = nearest(name, names)) return meant;
  const auto key = name.substr(name.rfind('.') + 1);
  for (const std::string& candidate : names) {
    if (candidate.ends_with('.' + key)) return candidate;  // the right key in the wrong section
  }
  return std::nullopt;
}

/// "one of retry.attempts_max, …" when the section is known, otherwise nothing.
std::string keys_beside(const std::string& name, const std::vector<Setting>& table) {
  const std::string_view section = std::string_view{name}.substr(0, name.rfind('.'));
  std::string list;
  for (const Setting& setting : table) {
    if (setting.section() == section) list += (list.empty() ? "one of " : ", ") + setting.name;
  }
  return list;
}

}  // namespace

std::optional<Fault> unknown_setting(const Found& found, const std::vector<Setting>& table) {
  if (is_section(found.name, table)) {
    if (std::holds_alternative<EmptySection>(found.value)) return std::nullopt;
    return Fault{found.where,
                 fmt::format("{} is a section, not a setting", found.name),
                 fmt::format("[{}] with its settings below", found.name),
                 ""};
  }
  const auto meant = meant_setting(found.name, table);
  return Fault{found.where,
               fmt::format("unknown setting {}", found.name),
               meant ? *meant : keys_beside(found.name, table),
               meant ? "correct or remove it" : "remove it"};
}

Fault forbidden_property(const std::string& property,
                         const std::string& where,
                         const KafkaPropertyRules& rules) {
  const std::string what = fmt::format("kafka.properties.{} cannot be set", property);
  for (const auto& [theirs, ours] : kOwnSettings) {
    if (property == theirs)
      return {where, what, fmt::format("the setting {}", ours), "use that instead"};
  }
  const auto meant = nearest(property, rules.names);
  return {where,
          what,
          meant ? fmt::format("kafka.properties.{}", *meant) : "",
          meant ? "correct or remove it" : "remove it; Pawl sets it itself or it does not exist"};
}

Fault unknown_variable(const std::string& variable, const std::vector<Setting>& table) {
  std::vector<std::string> known;
  for (const Setting& setting : table) known.push_back(variable_of(setting.name));
  const auto meant = nearest(variable, known);
  return {variable,
          "no setting has this variable",
          meant ? *meant : "PAWL_SECTION__KEY, two underscores between section and key",
          "rename or unset it"};
}

}  // namespace pawl::config
