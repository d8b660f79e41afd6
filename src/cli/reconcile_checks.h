// Decides whether the numbers prove that nothing was lost. Pure.
#pragma once

#include <string>
#include <vector>

#include "pawl/cli/reconcile_figures.h"

namespace pawl::cli {

enum class Verdict {
  holds,
  waiting,  // work that is not done yet: right while the consumer runs, wrong once everything was
            // to be done
  broken,
};

struct Check {
  std::string name;     // a stable word for scripts: "received"
  std::string promise;  // what must be so
  Verdict verdict = Verdict::holds;
  std::string found;  // the numbers
};

/// All checks that the figures allow, in the order to be read.
[[nodiscard]] std::vector<Check> check(const ReconcileFigures& figures);

/// `drained`: nothing may be left waiting either.
[[nodiscard]] bool passed(const std::vector<Check>& checks, bool drained);

}  // namespace pawl::cli
