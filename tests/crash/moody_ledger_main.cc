// pawl-ledger whose TransferFunds does what its memo says: "hang" never comes back, "slow" takes
// its time, "throw" fails when it has changed both accounts.
#include <chrono>
#include <future>
#include <stdexcept>

#include "deciders.h"
#include "pawl/consumer/consumer.h"
#include "registration.h"

namespace {

constexpr std::chrono::milliseconds kSlow{400};

pawl::Decision moody_transfer(const ledger::v1::TransferFunds& command,
                              ledger::Ledger& ledger,
                              const pawl::CommandInfo& info) {
  std::promise<void> never;
  if (command.memo() == "hang") never.get_future().wait();
  if (command.memo() == "slow") never.get_future().wait_for(kSlow);
  pawl::Decision decision = ledger::transfer_funds(command, ledger, info);
  if (command.memo() == "throw") throw std::runtime_error("in a bad mood");
  return decision;
}

}  // namespace

int main(int argc, char** argv) {
  pawl::Consumer<ledger::Ledger> consumer{"ledger"};
  consumer.on<ledger::v1::OpenAccount>(ledger::touch_open_account, ledger::open_account);
  consumer.on<ledger::v1::TransferFunds>(ledger::touch_transfer_funds, moody_transfer);
  consumer.on_rejection(ledger::command_rejected);
  return consumer.main(argc, argv);
}
