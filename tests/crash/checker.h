// Decides whether a run kept Pawl's promises (DESIGN §2), from what it left behind and from nothing
// else. Uses none of the engine's code: it knows the ledger's rules and the contracts of DESIGN §5
// and §8.
#pragma once

#include <string>
#include <vector>

#include "crash/observation.h"

namespace pawl::test {

/// What is wrong, one sentence each; empty: nothing. Expects a run that was drained.
[[nodiscard]] std::vector<std::string> faults_of(const Observation& seen);

/// Commands that were given up on, one sentence each: dead letters of what was no garbage. For runs
/// in which no command is to blame.
[[nodiscard]] std::vector<std::string> given_up_in(const Observation& seen);

/// For failure messages: the first ones, one a line.
[[nodiscard]] std::string as_text(const std::vector<std::string>& faults);

}  // namespace pawl::test
