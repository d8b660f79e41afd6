#include "handlers.h"
#include "rules.h"

namespace ledger {
namespace {

// No look at the transfers: the account's own row says what they came to, and its version how many
// there were.
const pawl::Statement kCloseMonth{"ledger_close_month", R"(
WITH last AS (SELECT month, closing_balance, version FROM ledger.statement
              WHERE account_id = $1 ORDER BY month DESC LIMIT 1)
INSERT INTO ledger.statement (account_id, month, currency, opening_balance, closing_balance, changes, version,
                              command_id)
SELECT a.account_id, $2::date, a.currency, coalesce(l.closing_balance, 0), a.balance,
       a.version - coalesce(l.version, 0), a.version, $3::uuid
FROM ledger.account a LEFT JOIN last l ON true
WHERE a.account_id = $1 AND (l.month IS NULL OR l.month < $2::date)
RETURNING currency, opening_balance, closing_balance, changes, version)"};

const pawl::Statement kFindAccount{"ledger_find_account",
                                   "SELECT FROM ledger.account WHERE account_id = $1"};

}  // namespace

pawl::Decision close_month(const v1::CloseMonth& command, pawl::Context& context) {
  if (!is_month(command.month())) return pawl::reject(kMonthInvalid);
  if (!is_customer_account(command.account_id())) return pawl::reject(kAccountNotFound);
  pqxx::transaction_base& transaction = context.transaction();
  const pqxx::result closed = transaction.exec_prepared(context.prepared(kCloseMonth),
                                                        command.account_id(),
                                                        command.month() + "-01",
                                                        context.info().id.to_string());
  if (closed.empty()) {
    const bool exists =
        !transaction.exec_prepared(context.prepared(kFindAccount), command.account_id()).empty();
    return pawl::reject(exists ? kMonthAlreadyClosed : kAccountNotFound);
  }
  v1::MonthClosed& event = pawl::blank<v1::MonthClosed>();
  event.set_account_id(command.account_id());
  event.set_month(command.month());
  event.set_currency(closed[0][0].as<std::string>());
  event.set_opening_balance(closed[0][1].as<std::int64_t>());
  event.set_closing_balance(closed[0][2].as<std::int64_t>());
  event.set_changes(closed[0][3].as<std::int64_t>());
  event.set_version(closed[0][4].as<std::int64_t>());
  return pawl::emit(event);
}

}  // namespace ledger
