// pawl-ledger whose TransferFunds does what its memo says: "hang" never comes back, "slow" takes
// its time, "throw" fails when it has changed both accounts, "crash" ends the process. "mood": what
// the environment's MOOD says.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string>

#include "deciders.h"
#include "pawl/consumer/consumer.h"
#include "registration.h"

namespace {

constexpr std::chrono::milliseconds kSlow{400};

std::string mood_of(const ledger::v1::TransferFunds& command) {
  if (command.memo() != "mood") return command.memo();
  const char* mood = std::getenv("MOOD");
  return mood ? mood : "";
}

[[gnu::noinline]] void crash() {
  std::raise(SIGSEGV);
}

pawl::Decision moody_transfer(const ledger::v1::TransferFunds& command,
                              ledger::Ledger& ledger,
                              const pawl::CommandInfo& info) {
  const std::string mood = mood_of(command);
  std::promise<void> never;
  if (mood == "hang") never.get_future().wait();
  if (mood == "slow") never.get_future().wait_for(kSlow);
  if (mood == "crash") crash();
  pawl::Decision decision = ledger::transfer_funds(command, ledger, info);
  if (mood == "throw") throw std::runtime_error("in a bad mood");
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
