// `pawl dead redrive --edit`: a dead letter's command, corrected by an operator.
#pragma once

#include <string>
#include <vector>

#include "pawl/cli/dead_decision.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/codec/command_type.h"

namespace pawl::cli {

struct DeadEdit {
  const DeadSelection& selection;
  const DeadDecision& decision;
  const std::string& file;  // "-": standard input
  bool all = false;         // --all was given
  int redrives_max;
};

/// Throws Complaint for whatever stands in the way: several letters, not allowed, no such letter,
/// JSON that does not fit its type, which is never quoted.
[[nodiscard]] ExitCode redrive_edited(const DeadEdit& edit,
                                      const std::vector<const codec::CommandType*>& types,
                                      const Invocation& invocation);

}  // namespace pawl::cli
