#include "pawl/config/unknown.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pawl/config/nearest.h"
#include "pawl/config/on_failure.h"
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

struct Gone {
  std::string_view name;
  std::string_view what;
  std::string_view expected;
};
constexpr std::string_view kByClass = "is told for each class of failures now";
constexpr std::string_view kOwnWait = "has no meaning: RetryAfter says how long to wait";
constexpr std::string_view kLimits = "retry.outside.attempts_max, retry.outside.age_max";

// Settings of earlier versions, and what one would expect beside others.
constexpr std::array kGone{
    Gone{"retry.attempts_max",
         kByClass,
         "retry.handler.attempts_max, retry.database.attempts_max, retry.outside.attempts_max"},
    Gone{"retry.delay_min", kByClass, "retry.handler.delay_min, retry.database.delay_min"},
    Gone{"retry.delay_max", kByClass, "retry.handler.delay_max, retry.database.delay_max"},
    Gone{"retry.outside.immediate", kOwnWait, kLimits},
    Gone{"retry.outside.delay_min", kOwnWait, kLimits},
    Gone{"retry.outside.delay_max", kOwnWait, kLimits},
    Gone{"retry.outside.delay_factor", kOwnWait, kLimits},
};

/// "PAWL_A__B, PAWL_A__C" for "a.b, a.c".
std::string variables_of(std::string_view settings) {
  std::string list;
  while (!settings.empty()) {
    const auto end = std::min(settings.find(", "), settings.size());
    list += (list.empty() ? "" : ", ") + variable_of(settings.substr(0, end));
    settings.remove_prefix(std::min(end + 2, settings.size()));
  }
  return list;
}

bool is_section(const std::string& name, const std::vector<Setting>& table) {
  if (name == kPropertiesPrefix.substr(0, kPropertiesPrefix.size() - 1)) return true;
  if (name == kOnFailurePrefix.substr(0, kOnFailurePrefix.size() - 1)) return true;
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

/// "one of relay.batch_max, …" when the section is known, otherwise nothing.
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
  for (const Gone& gone : kGone) {
    if (found.name != gone.name) continue;
    return Fault{found.where,
                 fmt::format("{} {}", gone.name, gone.what),
                 std::string{gone.expected},
                 "rename or remove it"};
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
  for (const Gone& gone : kGone) {
    if (variable != variable_of(gone.name)) continue;
    return {variable,
            fmt::format("{} {}", gone.name, gone.what),
            variables_of(gone.expected),
            "rename or unset it"};
  }
  std::vector<std::string> known{std::string{kOnFailureVariable}};
  for (const Setting& setting : table) known.push_back(variable_of(setting.name));
  const auto meant = nearest(variable, known);
  return {variable,
          "no setting has this variable",
          meant ? *meant : "PAWL_SECTION__KEY, two underscores between section and key",
          "rename or unset it"};
}

}  // namespace pawl::config
