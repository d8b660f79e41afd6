// Pauses as people and programs read them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "pawl/run_control/pauses.h"

namespace pawl::cli {

/// "all", "partition 3 (ledger.commands)", "type ledger.v1.CloseMonth in partition 3
/// (ledger.commands)"
[[nodiscard]] std::string words_of(const Pause& pause);
/// With who, when and why.
[[nodiscard]] std::string line_of(const run_control::StandingPause& pause);
[[nodiscard]] nlohmann::ordered_json json_of(const run_control::StandingPause& pause);

}  // namespace pawl::cli
