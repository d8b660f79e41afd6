// Faults for names that nobody knows, with what may have been meant. Internal to config.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pawl/config/fault.h"
#include "pawl/config/found.h"
#include "pawl/config/load.h"
#include "pawl/config/setting_table.h"

namespace pawl::config {

/// For a name that is no setting. Nothing when it is only the empty heading of a section.
[[nodiscard]] std::optional<Fault> unknown_setting(const Found& found,
                                                   const std::vector<Setting>& table);

/// For a librdkafka property that may not be given.
[[nodiscard]] Fault forbidden_property(const std::string& property,
                                       const std::string& where,
                                       const KafkaPropertyRules& rules);

/// For a PAWL_… variable that is no setting.
[[nodiscard]] Fault unknown_variable(const std::string& variable,
                                     const std::vector<Setting>& table);

}  // namespace pawl::config
