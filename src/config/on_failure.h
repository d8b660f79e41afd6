// on_failure: a map of command type to word, so no row of the table of settings. Internal to
// config.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/config/fault.h"
#include "pawl/config/found.h"
#include "pawl/config/settings.h"

namespace pawl::config {

inline constexpr std::string_view kOnFailurePrefix = "on_failure.";

/// Holds the whole map: types have dots and capitals, which names of variables have not.
inline constexpr std::string_view kOnFailureVariable = "PAWL_ON_FAILURE";

[[nodiscard]] std::optional<OnFailure> parse_on_failure(const RawValue& raw);
/// "one of …"
[[nodiscard]] std::string expected_on_failure();
/// As TOML value.
[[nodiscard]] std::string print_on_failure(OnFailure on_failure);

/// Entries of "TYPE=WORD,TYPE=WORD". What is no such pair becomes a fault.
[[nodiscard]] Layer split_on_failure(std::string_view text, std::vector<Fault>& faults);

}  // namespace pawl::config
