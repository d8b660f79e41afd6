// The proof as people and as scripts read it. Pure.
#pragma once

#include <string>
#include <vector>

#include "pawl/cli/reconcile_checks.h"

namespace pawl::cli {

struct Reconciliation {
  ReconcileFigures figures;
  std::vector<Check> checks;
  bool drained = false;  // whether waiting counts as broken

  [[nodiscard]] bool holds() const { return passed(checks, drained); }
};

/// A table of the lanes, the checks, and a last line with the answer.
[[nodiscard]] std::vector<std::string> report_lines(const Reconciliation& reconciliation);

/// One JSON object: consumer, holds, lanes, checks.
[[nodiscard]] std::string report_json(const Reconciliation& reconciliation);

}  // namespace pawl::cli
