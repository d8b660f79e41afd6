// The demo's way: stage, worker, load, view, drain, proof.
#pragma once

#include <chrono>
#include <string>

#include "command_publisher/load_shape.h"
#include "pawl/cli/demo_stage.h"
#include "pawl/cli/invocation.h"
#include "pawl/consumer/registration.h"

namespace pawl::cli {

struct DemoOptions {
  StageOptions stage;
  std::chrono::milliseconds duration{20'000};  // of the load; 0: until Ctrl-C
  double per_second = 20'000;
  int partitions = 8;
  command_publisher::LoadShape shape;
};

/// ok only if the reconciliation holds. Ctrl-C drains, a second one ends the process at once.
/// Throws Failure, Complaint.
[[nodiscard]] ExitCode run_demo(const DemoOptions& options,
                                const Invocation& invocation,
                                const Registration& ledger);

}  // namespace pawl::cli
