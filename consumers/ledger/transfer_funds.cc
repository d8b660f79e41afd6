#include <optional>

#include "deciders.h"
#include "rules.h"

namespace ledger {
namespace {

// The first rule that the command breaks by itself, whatever the accounts hold.
std::optional<std::string_view> fault_of(const v1::TransferFunds& command) {
  if (command.amount() <= 0) return kAmountNotPositive;
  if (!is_currency(command.currency())) return kCurrencyInvalid;
  if (command.memo().size() > kMemoCharactersMax &&  // a character has a byte or more
      characters(command.memo()) > kMemoCharactersMax) {
    return kMemoTooLong;
  }
  if (!is_storable(command.memo())) return kMemoInvalid;
  if (command.debit_account_id() == command.credit_account_id()) return kSameAccount;
  if (!is_customer_account(command.debit_account_id()) ||
      !is_customer_account(command.credit_account_id())) {
    return kAccountNotFound;
  }
  return std::nullopt;
}

const v1::FundsTransferred& funds_transferred(const v1::TransferFunds& command,
                                              Ledger& ledger,
                                              const Account& debit,
                                              const Account& credit,
                                              const pawl::CommandInfo& info) {
  auto& event = pawl::blank<v1::FundsTransferred>();
  const auto id = info.id.text();
  event.mutable_transfer_id()->assign(id.data(), id.size());  // set_…() would make a string first
  event.set_debit_account_id(debit.id);
  event.set_credit_account_id(credit.id);
  event.set_amount(command.amount());
  event.set_currency(command.currency());
  event.set_memo(command.memo());
  event.set_debit_balance(debit.balance);
  event.set_credit_balance(credit.balance);
  event.set_debit_version(ledger.accounts.version(debit.id));
  event.set_credit_version(ledger.accounts.version(credit.id));
  return event;
}

}  // namespace

void touch_transfer_funds(const v1::TransferFunds& command, Ledger& ledger) {
  if (fault_of(command)) return;  // rejected without a look at the accounts
  ledger.accounts.need(command.debit_account_id());
  ledger.accounts.need(command.credit_account_id());
}

pawl::Decision transfer_funds(const v1::TransferFunds& command,
                              Ledger& ledger,
                              const pawl::CommandInfo& info) {
  if (const auto fault = fault_of(command)) return pawl::reject(*fault);
  const Account* from = ledger.accounts.find(command.debit_account_id());
  const Account* to = ledger.accounts.find(command.credit_account_id());
  if (from == nullptr || to == nullptr) return pawl::reject(kAccountNotFound);
  if (from->currency != command.currency() || to->currency != command.currency()) {
    return pawl::reject(kCurrencyMismatch);
  }
  Account& debit = ledger.accounts.edit(from->id);
  Account& credit = ledger.accounts.edit(to->id);
  if (!debit.withdraw(command.amount())) return pawl::reject(kInsufficientFunds);
  if (!credit.deposit(command.amount())) return pawl::reject(kAmountOverflow);
  ledger.transfers.append(
      {info.id, debit.id, credit.id, command.amount(), command.currency(), command.memo()});
  return pawl::emit(funds_transferred(command, ledger, debit, credit, info));
}

}  // namespace ledger
