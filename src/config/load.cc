#include "pawl/config/load.h"

#include <fmt/format.h>

#include "pawl/config/checks.h"
#include "pawl/config/on_failure.h"
#include "pawl/config/setting_table.h"
#include "pawl/config/sources.h"
#include "pawl/config/text_file.h"
#include "pawl/config/text_values.h"
#include "pawl/config/toml_file.h"
#include "pawl/config/unknown.h"

namespace pawl::config {
namespace {

constexpr std::string_view kFileSuffix = "_file";

/// Applies layers to the settings, one found value after another, and collects what is wrong with
/// each.
class Loader {
 public:
  explicit Loader(const Sources& sources) : sources_(sources), table_(setting_table()) {
    begin_with_code();
  }

  std::expected<Loaded, std::vector<Fault>> load() {
    if (sources_.file) apply(read_toml_file(*sources_.file, faults_));
    const bool file_unread = !faults_.empty() && faulty_.empty();
    apply(read_common_environment(sources_));
    apply(read_pawl_environment(sources_, table_, faults_));
    apply(read_command_line(sources_));
    derive_names(loaded_.settings.consumer, sources_.defaults);
    // What an unreadable file may have held cannot be called missing.
    if (!file_unread) check_together(loaded_, sources_, faulty_, faults_);
    if (!faults_.empty()) return std::unexpected{std::move(faults_)};
    return std::move(loaded_);
  }

 private:
  void begin_with_code();
  void apply(const Layer& layer);
  void apply_file(const std::string& name, const Found& found);
  void assign(const std::string& name, const Found& found);
  void assign_property(const std::string& name, const Found& found);
  void assign_on_failure(const std::string& name, const Found& found);

  void fault(const std::string& setting, Fault fault) {
    faulty_.insert(setting);
    faults_.push_back(std::move(fault));
  }

  [[nodiscard]] const Setting* find(std::string_view name) const {
    for (const Setting& setting : table_) {
      if (setting.name == name) return &setting;
    }
    return nullptr;
  }

  [[nodiscard]] bool is_secret(std::string_view name) const {
    if (const Setting* setting = find(name)) return setting->secret;
    const auto& secret = sources_.kafka_properties.secret;
    return is_property(name) && (!secret || secret(name.substr(kPropertiesPrefix.size())));
  }

  [[nodiscard]] static bool is_property(std::string_view name) {
    return name.starts_with(kPropertiesPrefix) && name.size() > kPropertiesPrefix.size();
  }

  const Sources& sources_;
  const std::vector<Setting> table_;
  Loaded loaded_;
  std::set<std::string> faulty_;
  std::vector<Fault> faults_;
};

void Loader::begin_with_code() {
  const Settings untouched;
  loaded_.settings.retry = sources_.defaults.retry;
  loaded_.settings.on_failure = sources_.defaults.on_failure;
  for (const Setting& setting : table_) {
    const bool same = setting.print(loaded_.settings) == setting.print(untouched);
    loaded_.origins[setting.name] = same ? "default" : "code";
  }
  for (const auto& [type, word] : loaded_.settings.on_failure) {
    loaded_.origins[std::string{kOnFailurePrefix} + type] = "code";
  }
}

void Loader::apply(const Layer& layer) {
  std::map<std::string, std::string> given;  // setting -> where
  for (const Found& found : layer) {
    std::string name = found.name;
    if (name.ends_with(kFileSuffix)) name.resize(name.size() - kFileSuffix.size());
    const bool names_file = name != found.name && is_secret(name);
    if (!names_file) name = found.name;
    const auto [first, is_first] = given.emplace(name, found.where);
    if (!is_first) {
      fault(name,
            {found.where,
             fmt::format("{} is given twice, also at {}", name, first->second),
             "either the value or the file that holds it",
             "remove one of them"});
    } else if (names_file) {
      apply_file(name, found);
    } else {
      assign(name, found);
    }
  }
}

void Loader::apply_file(const std::string& name, const Found& found) {
  const std::string* path = text_of(found.value);
  if (!path) {
    fault(name,
          {found.where, fmt::format("{} = {}", found.name, describe(found.value)), "a path", ""});
    return;
  }
  auto content = read_secret_file(*path);
  if (!content) {
    fault(name,
          {found.where,
           fmt::format("cannot read {} for {}: {}", toml_quote(*path), name, content.error()),
           "a file that holds the value and nothing else",
           "check that it is there and that this user may read it"});
    return;
  }
  assign(name,
         {name,
          found.where,
          fmt::format("{}, from file {}", found.origin, *path),
          Untyped{std::move(*content)}});
}

void Loader::assign(const std::string& name, const Found& found) {
  if (is_property(name)) return assign_property(name, found);
  if (name.starts_with(kOnFailurePrefix)) return assign_on_failure(name, found);
  const Setting* setting = find(name);
  if (!setting) {
    if (auto unknown = unknown_setting(found, table_)) fault(name, std::move(*unknown));
    return;
  }
  const std::string* text = text_of(found.value);
  if (setting->secret && text && *text == kStars) {
    fault(name,
          {found.where,
           fmt::format("{} is the stars of a printed configuration", name),
           setting->expected,
           "put the secret itself there, or name its file"});
  } else if (!setting->assign(loaded_.settings, found.value)) {
    // What stands there may be most of a secret, so it is not repeated.
    const std::string what = setting->secret ? fmt::format("{} is not usable", name)
                                             : fmt::format("{} = {}", name, describe(found.value));
    fault(name, {found.where, what, setting->expected, ""});
  } else {
    loaded_.origins[name] = found.origin;
  }
}

void Loader::assign_property(const std::string& name, const Found& found) {
  const KafkaPropertyRules& rules = sources_.kafka_properties;
  const std::string property = name.substr(kPropertiesPrefix.size());
  const bool scalar = !std::holds_alternative<OtherType>(found.value) &&
                      !std::holds_alternative<EmptySection>(found.value);
  if (!rules.allowed || !rules.allowed(property)) {
    fault(name, forbidden_property(property, found.where, rules));
  } else if (!scalar) {
    fault(name,
          {found.where,
           fmt::format("{} = {}", name, describe(found.value)),
           "a text, a whole number, true or false",
           ""});
  } else {
    const std::string* text = text_of(found.value);
    std::string value = text ? *text : describe(found.value);
    if (auto problem = rules.fault ? rules.fault(property, value) : std::nullopt) {
      fault(name, {found.where, fmt::format("{}: {}", name, *problem), "", "correct it"});
      return;
    }
    loaded_.settings.kafka.properties.insert_or_assign(property, Secret{std::move(value)});
    loaded_.origins[name] = found.origin;
  }
}

void Loader::assign_on_failure(const std::string& name, const Found& found) {
  const auto word = parse_on_failure(found.value);
  if (!word) {
    const std::string what = fmt::format("{} = {}", name, describe(found.value));
    fault(name, {found.where, what, expected_on_failure(), ""});
    return;
  }
  loaded_.settings.on_failure.insert_or_assign(name.substr(kOnFailurePrefix.size()), *word);
  loaded_.origins[name] = found.origin;
}

}  // namespace

std::expected<Loaded, std::vector<Fault>> load_settings(const Sources& sources) {
  return Loader{sources}.load();
}

}  // namespace pawl::config
