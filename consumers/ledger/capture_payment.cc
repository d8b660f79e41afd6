#include <optional>

#include "deciders.h"
#include "rules.h"

namespace ledger {
namespace {

// The first rule that the command breaks by itself, whatever the accounts hold.
std::optional<std::string_view> fault_of(const v1::CapturePayment& command) {
  const std::string& payment = command.external_payment_id();
  if (payment.empty() || payment.size() > kPaymentIdBytesMax || !is_storable(payment)) {
    return kPaymentIdInvalid;
  }
  if (command.amount() <= 0) return kAmountNotPositive;
  if (!is_currency(command.currency())) return kCurrencyInvalid;
  return std::nullopt;
}

// Opened by the first capture of its currency. Its limit is the range of the type: whatever came in
// must be booked.
Account& clearing_account(const std::string& currency, Ledger& ledger) {
  const std::int64_t id = clearing_account_id(currency);
  if (ledger.accounts.find(id) == nullptr) ledger.accounts.insert({id, currency, 0, kNoLimit});
  return ledger.accounts.edit(id);
}

v1::PaymentCaptured payment_captured(const v1::CapturePayment& command,
                                     Ledger& ledger,
                                     const Account& account,
                                     const Account& clearing,
                                     const pawl::CommandInfo& info) {
  v1::PaymentCaptured event;
  event.set_transfer_id(info.id.to_string());
  event.set_external_payment_id(command.external_payment_id());
  event.set_account_id(account.id);
  event.set_clearing_account_id(clearing.id);
  event.set_amount(command.amount());
  event.set_currency(command.currency());
  event.set_balance(account.balance);
  event.set_clearing_balance(clearing.balance);
  event.set_version(ledger.accounts.version(account.id));
  event.set_clearing_version(ledger.accounts.version(clearing.id));
  return event;
}

}  // namespace

void touch_capture_payment(const v1::CapturePayment& command, Ledger& ledger) {
  if (fault_of(command)) return;  // rejected without a look at any row
  ledger.payments.need(command.external_payment_id());
  ledger.accounts.need(clearing_account_id(command.currency()));
  if (is_customer_account(command.account_id())) ledger.accounts.need(command.account_id());
}

pawl::Decision capture_payment(const v1::CapturePayment& command,
                               Ledger& ledger,
                               const pawl::CommandInfo& info) {
  if (const auto fault = fault_of(command)) return pawl::reject(*fault);
  if (ledger.payments.find(command.external_payment_id()) != nullptr) {
    return pawl::reject(kPaymentAlreadyCaptured);
  }
  const std::int64_t id = command.account_id();
  const Account* known = is_customer_account(id) ? ledger.accounts.find(id) : nullptr;
  if (known == nullptr) return pawl::reject(kAccountNotFound);
  if (known->currency != command.currency()) return pawl::reject(kCurrencyMismatch);
  Account& clearing = clearing_account(command.currency(), ledger);
  Account& account = ledger.accounts.edit(id);
  if (!clearing.withdraw(command.amount()) || !account.deposit(command.amount())) {
    return pawl::reject(kAmountOverflow);
  }
  ledger.payments.insert({command.external_payment_id(), id, command.amount(), command.currency()});
  ledger.transfers.append({info.id, clearing.id, id, command.amount(), command.currency(), ""});
  return pawl::emit(payment_captured(command, ledger, account, clearing, info));
}

}  // namespace ledger
