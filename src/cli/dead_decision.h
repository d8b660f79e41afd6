// What every decision about dead letters is asked for, and how its outcome is told.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "pawl/cli/invocation.h"
#include "pawl/dead_letters/filter.h"

namespace pawl::cli {

struct DeadDecision {
  std::string reason;
  std::string who;
  bool dry_run = false;
  bool json = false;
};

/// Adds --reason, --who (this operator, unless told otherwise) and --json.
void add_who_and_why(CLI::App& command, DeadDecision& decision, const Invocation& invocation);
/// The same, and --dry-run.
void add_decision(CLI::App& command, DeadDecision& decision, const Invocation& invocation);

/// Throws Complaint unless there is a reason, or nothing is to be done. `program`: "pawl dead
/// discard".
void require_reason(const DeadDecision& decision, const std::string& program);

/// What --json prints: action, dry_run, count, complete (false: stopped half-way), consumer,
/// filter, reason, who.
[[nodiscard]] nlohmann::ordered_json outcome_json(const std::string& action,
                                                  const DeadDecision& decision,
                                                  const std::string& consumer,
                                                  const dead_letters::Filter& filter,
                                                  std::int64_t count,
                                                  bool complete);

}  // namespace pawl::cli
