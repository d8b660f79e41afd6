// A TOML file as a flat list of names and values. Internal to config; the only place that knows
// toml++.
#pragma once

#include <string>
#include <vector>

#include "pawl/config/fault.h"
#include "pawl/config/found.h"

namespace pawl::config {

/// Everything in the file, in its order of keys, or one fault in `faults` and nothing.
[[nodiscard]] Layer read_toml_file(const std::string& path, std::vector<Fault>& faults);

}  // namespace pawl::config
