// An explanation for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "pawl/cli/explanation.h"

namespace pawl::cli {

/// Lines as people read them; the table of attempts has twelve rows at most.
[[nodiscard]] std::vector<std::string> explanation_lines(const Explanation& explanation);

/// One JSON object, times in milliseconds, all attempts one by one.
[[nodiscard]] std::string explanation_json(const Explanation& explanation);

}  // namespace pawl::cli
