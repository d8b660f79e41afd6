#include "deciders.h"
#include "rules.h"

namespace ledger {
namespace {

v1::AccountOpened account_opened(const v1::OpenAccount& command, std::int64_t version) {
  v1::AccountOpened event;
  event.set_account_id(command.account_id());
  event.set_currency(command.currency());
  event.set_overdraft_limit(command.overdraft_limit());
  event.set_version(version);
  return event;
}

}  // namespace

void touch_open_account(const v1::OpenAccount& command, Ledger& ledger) {
  if (is_customer_account(command.account_id())) ledger.accounts.need(command.account_id());
}

pawl::Decision open_account(const v1::OpenAccount& command, Ledger& ledger) {
  const std::int64_t id = command.account_id();
  if (!is_customer_account(id)) return pawl::reject(kAccountIdInvalid);
  if (!is_currency(command.currency())) return pawl::reject(kCurrencyInvalid);
  if (command.overdraft_limit() < 0) return pawl::reject(kOverdraftLimitNegative);
  if (ledger.accounts.find(id) != nullptr) return pawl::reject(kAccountExists);
  ledger.accounts.insert({id, command.currency(), 0, command.overdraft_limit()});
  return pawl::emit(account_opened(command, ledger.accounts.version(id)));
}

}  // namespace ledger
