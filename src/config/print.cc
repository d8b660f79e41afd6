#include <fmt/format.h>

#include <algorithm>

#include "pawl/config/load.h"
#include "pawl/config/setting_table.h"
#include "pawl/config/text_values.h"

namespace pawl::config {
namespace {

constexpr std::size_t kCommentColumn = 44;

std::string with_comment(const std::string& line, std::string_view comment) {
  return fmt::format("{:<{}}  # {}\n", line, kCommentColumn, comment);
}

/// What has no value has no line in TOML: an empty text would be a fault when the file is read
/// again.
std::string assignment(std::string_view key, const std::string& value) {
  return fmt::format("{}{} = {}", value == "\"\"" ? "# " : "", key, value);
}

std::string render_properties(const Loaded& loaded, const KafkaPropertyRules& rules) {
  if (loaded.settings.kafka.properties.empty()) return {};
  std::string text = "\n[kafka.properties]\n";
  for (const auto& [name, value] : loaded.settings.kafka.properties) {
    const bool secret = !rules.secret || rules.secret(name);
    const std::string line =
        fmt::format("{} = {}", toml_quote(name), toml_quote(secret ? kStars : value.reveal()));
    text += with_comment(line, loaded.origins.at(std::string{kPropertiesPrefix} + name));
  }
  return text;
}

}  // namespace

std::string render_settings(const Loaded& loaded, const KafkaPropertyRules& rules) {
  std::string text;
  std::string_view section;
  const auto table = setting_table();
  for (const Setting& setting : table) {
    if (setting.section() != section) {
      if (section == "kafka") text += render_properties(loaded, rules);
      section = setting.section();
      text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
    }
    text += with_comment(assignment(setting.key(), setting.print(loaded.settings)),
                         loaded.origins.at(setting.name));
  }
  return text;
}

std::string render_reference(const Defaults& defaults) {
  Settings settings;
  derive_names(settings.consumer, defaults);
  std::string text;
  std::string_view section;
  const auto table = setting_table();
  for (const Setting& setting : table) {
    if (setting.section() != section) {
      section = setting.section();
      text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
    }
    text += fmt::format(
        "# {}\n#   {}; {}", setting.sentence, setting.expected, variable_of(setting.name));
    if (setting.secret)
      text += fmt::format("; or {}_file, {}_FILE", setting.key(), variable_of(setting.name));
    text += fmt::format("\n{}\n", assignment(setting.key(), setting.print(settings)));
    if (setting.name == "kafka.brokers") {
      text +=
          "\n[kafka.properties]\n"
          "# further librdkafka properties by their own names, such as \"security.protocol\"\n"
          "#   PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL; secrets also by \"…_file\", …_FILE\n";
    }
  }
  return text;
}

}  // namespace pawl::config
