// What every decision of an operator is asked for.
#pragma once

#include <string>

#include "pawl/cli/invocation.h"

namespace pawl::cli {

struct DeadDecision {
  std::string reason;
  std::string who;
  bool dry_run = false;
  bool json = false;
};

/// Adds --reason, --who (this operator, unless told otherwise), --dry-run and --json.
void add_decision(CLI::App& command, DeadDecision& decision, const Invocation& invocation);

/// Throws Complaint unless there is a reason, or nothing is to be done. `program`: "pawl dead
/// discard".
void require_reason(const DeadDecision& decision, const std::string& program);

}  // namespace pawl::cli
