// Pawl's programs as the build has made them.
#pragma once

#include <string>

namespace pawl::test {

[[nodiscard]] std::string pawl_program();
[[nodiscard]] std::string ledger_program();
[[nodiscard]] std::string relay_program();
/// moody_ledger_main.cc
[[nodiscard]] std::string moody_ledger_program();
/// crash_worker.cc
[[nodiscard]] std::string crash_worker_program();

}  // namespace pawl::test
