// A run for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "soak/figures.h"
#include "soak/options.h"
#include "soak/verdict.h"

namespace pawl::soak {

[[nodiscard]] std::string as_text(const Options& options,
                                  const Figures& figures,
                                  const std::vector<Check>& checks);
[[nodiscard]] std::string as_json(const Options& options,
                                  const Figures& figures,
                                  const std::vector<Check>& checks);

}  // namespace pawl::soak
