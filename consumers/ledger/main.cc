// pawl-ledger: the parts list.
#include "pawl/consumer/consumer.h"
#include "registration.h"

int main(int argc, char** argv) {
  pawl::Consumer<ledger::Ledger> consumer{"ledger"};
  ledger::register_commands(consumer);
  return consumer.main(argc, argv);
}
