#include "crash/programs.h"

namespace pawl::test {

std::string pawl_program() {
  return PAWL_PROGRAM;
}
std::string ledger_program() {
  return PAWL_LEDGER_PROGRAM;
}
std::string relay_program() {
  return PAWL_RELAY_PROGRAM;
}
std::string moody_ledger_program() {
  return PAWL_MOODY_LEDGER;
}
std::string crash_worker_program() {
  return PAWL_CRASH_WORKER;
}

}  // namespace pawl::test
