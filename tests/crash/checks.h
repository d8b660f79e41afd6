// Parts of the checker that have a file of their own.
#pragma once

#include <string>
#include <vector>

#include "crash/indexed_run.h"
#include "crash/observation.h"

namespace pawl::test {

[[nodiscard]] std::vector<std::string> faulty_statements(const IndexedRun& run,
                                                         const Observation& seen);

}  // namespace pawl::test
