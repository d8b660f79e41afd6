// The one table of settings: name, type, check, sentence, member. Internal to config.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/config/found.h"
#include "pawl/config/load.h"
#include "pawl/config/settings.h"

namespace pawl::config {

struct Setting {
  std::string name;      // "relay.batch_max"
  std::string sentence;  // what it does
  std::string expected;  // "a duration from 1ms to 1d, such as "25s""
  bool secret = false;
  std::function<bool(Settings&, const RawValue&)>
      assign;  // false: not what is expected, nothing changed
  std::function<std::string(const Settings&)> print;  // as TOML value; secrets as stars

  /// "relay" of "relay.batch_max".
  [[nodiscard]] std::string_view section() const;
  /// "batch_max" of "relay.batch_max".
  [[nodiscard]] std::string_view key() const;
};

/// In the order in which they are printed; the settings of a section stand together.
[[nodiscard]] std::vector<Setting> setting_table();

/// Fills what nobody gave: the consumer's name, and the topics that are named after domain and
/// consumer (DESIGN §8).
void derive_names(Consumer& consumer, const Defaults& defaults);

inline constexpr std::string_view kPropertiesPrefix = "kafka.properties.";

/// PAWL_RELAY__BATCH_MAX for "relay.batch_max"; PAWL_KAFKA__PROPERTIES__SASL_PASSWORD for a
/// property.
[[nodiscard]] std::string variable_of(std::string_view setting);

}  // namespace pawl::config
