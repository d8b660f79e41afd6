#include "behaviour/moody_ledger.h"

#include <stdexcept>

#include "behaviour/moody_handler.h"
#include "deciders.h"
#include "pawl/consumer/consumer.h"
#include "pawl/retry/retry_after.h"

namespace pawl::test {
namespace {

namespace v1 = ledger::v1;
using ledger::Ledger;

struct BadMood {};  // no std::exception

void touch(const v1::TransferFunds& command, Ledger& ledger) {
  if (command.memo() == "touch throws") throw std::runtime_error("touch is in a bad mood");
  if (command.memo() == "forget") return;
  if (command.memo() == "ask badly") ledger.payments.need(std::string("\0", 1));
  ledger::touch_transfer_funds(command, ledger);
}

// Whether a mood such as "throw 2" is to be lived out once more.
bool still(std::string_view memo, std::string_view mood, int& times) {
  if (!memo.starts_with(mood)) return false;
  const std::string_view rest = memo.substr(mood.size());
  if (rest.empty()) return true;
  return rest.size() == 2 && rest.front() == ' ' && times++ < rest.back() - '0';
}

Decision decide(const v1::TransferFunds& command,
                Ledger& ledger,
                const CommandInfo& info,
                Moods& moods) {
  const std::string id(info.id_text);
  if (moods.deadly.contains(id)) {
    moods.dead = true;  // and whatever the engine does before that is looked at, it cannot commit
    throw BadMood{};
  }
  moods.decided.push_back(id);
  Decision decision = ledger::transfer_funds(command, ledger, info);
  int& times = moods.bad_times[id];
  if (command.memo() == "throw 42") throw BadMood{};
  if (still(command.memo(), "throw", times))
    throw std::runtime_error("the handler is in a bad mood");
  if (still(command.memo(), "later", times))
    throw RetryAfter(std::chrono::hours{1}, "asleep", "come back later");
  if (still(command.memo(), "poison", times)) {
    ledger.transfers.append(
        {info.id, command.debit_account_id(), command.credit_account_id(), -1, "EUR", "poison"});
  }
  return decision;
}

}  // namespace

Registration moody_ledger(Moods& moods) {
  Consumer<Ledger> consumer{"ledger"};
  consumer.on<v1::OpenAccount>(ledger::touch_open_account, ledger::open_account);
  if (!moods.old) {
    consumer.on<v1::TransferFunds>(
        touch, [&moods](const v1::TransferFunds& command, Ledger& ledger, const CommandInfo& info) {
          return decide(command, ledger, info, moods);
        });
  }
  consumer.on<v1::CapturePayment>(ledger::touch_capture_payment, ledger::capture_payment);
  consumer.handle<v1::CloseMonth>([&moods](const v1::CloseMonth& command, Context& context) {
    return moody_close_month(command, context, moods);
  });
  consumer.on_rejection(ledger::command_rejected);
  return consumer.registration();
}

}  // namespace pawl::test
