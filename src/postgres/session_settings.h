// Which of the engine's session settings are for its own statements only. Private to this folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pawl::postgres {

using SessionSettings = std::vector<std::pair<std::string, std::string>>;

/// The planner's: good for statements that read by key, and not for whatever a handler may ask.
[[nodiscard]] SessionSettings planner_settings();

}  // namespace pawl::postgres
