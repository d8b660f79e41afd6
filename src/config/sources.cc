#include "pawl/config/sources.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "pawl/config/on_failure.h"
#include "pawl/config/unknown.h"

namespace pawl::config {
namespace {

constexpr std::string_view kPrefix = "PAWL_";
constexpr std::string_view kPropertyVariable = "PAWL_KAFKA__PROPERTIES__";
constexpr std::string_view kFileVariable = "_FILE";

// Kubernetes sets such variables in every pod for a service that is called pawl-…: nobody meant a
// setting.
bool is_service_link(std::string_view name) {
  if (name.find("__") != std::string_view::npos) return false;
  if (name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos)
    return true;
  const auto port = name.rfind("_PORT");
  if (port == std::string_view::npos) return false;
  const auto rest = name.substr(port + 5);
  return rest.empty() ||
         (rest.size() > 1 && rest[0] == '_' && std::isdigit(static_cast<unsigned char>(rest[1])));
}

std::string lower(std::string_view text, char underscore) {
  std::string result;
  for (const char c : text) {
    result +=
        c == '_' ? underscore : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// "kafka.properties.sasl.password_file" for PAWL_KAFKA__PROPERTIES__SASL_PASSWORD_FILE.
/// librdkafka's names have dots where a variable has underscores.
std::string property_setting(std::string_view variable) {
  std::string_view rest = variable.substr(kPropertyVariable.size());
  const bool from_file = rest.ends_with(kFileVariable);
  if (from_file) rest.remove_suffix(kFileVariable.size());
  return std::string{kPropertiesPrefix} + lower(rest, '.') + (from_file ? "_file" : "");
}

/// The setting that a variable means, or an empty text.
std::string setting_of(std::string_view variable, const std::vector<Setting>& table) {
  if (variable.starts_with(kPropertyVariable)) return property_setting(variable);
  for (const Setting& setting : table) {
    const std::string own = variable_of(setting.name);
    if (variable == own) return setting.name;
    if (setting.secret && variable == own + std::string{kFileVariable})
      return setting.name + "_file";
  }
  return {};
}

}  // namespace

Layer read_common_environment(const Sources& sources) {
  Layer found;
  for (const auto& [variable, name] : {std::pair{"DATABASE_URL", "database.url"},
                                       std::pair{"DATABASE_URL_FILE", "database.url_file"}}) {
    const auto it = sources.environment.find(variable);
    // Compose files set it to nothing where nobody gave one.
    if (it == sources.environment.end() || it->second.empty()) continue;
    found.push_back({name, variable, fmt::format("environment {}", variable), Untyped{it->second}});
  }
  return found;
}

Layer read_pawl_environment(const Sources& sources,
                            const std::vector<Setting>& table,
                            std::vector<Fault>& faults) {
  Layer found;
  for (const auto& [variable, value] : sources.environment) {
    if (!variable.starts_with(kPrefix) || sources.ignored_environment.contains(variable)) continue;
    if (variable == kOnFailureVariable) {
      std::ranges::move(split_on_failure(value, faults), std::back_inserter(found));
      continue;
    }
    const std::string name = setting_of(variable, table);
    if (!name.empty()) {
      found.push_back({name, variable, fmt::format("environment {}", variable), Untyped{value}});
    } else if (!is_service_link(variable)) {
      faults.push_back(unknown_variable(variable, table));
    }
  }
  return found;
}

Layer read_command_line(const Sources& sources) {
  Layer found;
  for (const auto& [name, value] : sources.command_line) {
    found.push_back({name, "command line", "command line", Untyped{value}});
  }
  return found;
}

std::map<std::string, std::string> current_environment() {
  std::map<std::string, std::string> all;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view line = *entry;
    const auto equals = line.find('=');
    if (equals != std::string_view::npos)
      all.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return all;
}

}  // namespace pawl::config
