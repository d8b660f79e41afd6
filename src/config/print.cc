#include <fmt/format.h>

#include <algorithm>

#include "pawl/config/load.h"
#include "pawl/config/on_failure.h"
#include "pawl/config/setting_table.h"
#include "pawl/config/text_values.h"

namespace pawl::config {
namespace {

constexpr std::size_t kCommentColumn = 44;
constexpr std::string_view kLastOfRetry = "retry.outside";  // the section before [on_failure]

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

std::string on_failure_line(std::string_view type, OnFailure on_failure) {
  return fmt::format("{} = {}", toml_quote(type), print_on_failure(on_failure));
}

std::string render_on_failure(const Loaded& loaded) {
  if (loaded.settings.on_failure.empty()) return {};
  std::string text = "\n[on_failure]\n";
  for (const auto& [type, on_failure] : loaded.settings.on_failure) {
    text += with_comment(on_failure_line(type, on_failure),
                         loaded.origins.at(std::string{kOnFailurePrefix} + type));
  }
  return text;
}

std::string reference_of_on_failure(const Defaults& defaults) {
  std::string text = fmt::format(
      "\n[on_failure]\n"
      "# by command type, what a failed one does to those behind it: park_key (the default): later "
      "ones of its key wait;\n"
      "# block_lane: its partition waits; skip_order: nothing waits; dead_letter: no retry\n"
      "#   \"TYPE\" = {}; {}=\"TYPE=WORD,TYPE=WORD\"\n",
      expected_on_failure(),
      kOnFailureVariable);
  for (const auto& [type, on_failure] : defaults.on_failure)
    text += on_failure_line(type, on_failure) + '\n';
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
      if (section == kLastOfRetry) text += render_on_failure(loaded);
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
  settings.retry = defaults.retry;
  derive_names(settings.consumer, defaults);
  std::string text;
  std::string_view section;
  const auto table = setting_table();
  for (const Setting& setting : table) {
    if (setting.section() != section) {
      if (section == kLastOfRetry) text += reference_of_on_failure(defaults);
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
