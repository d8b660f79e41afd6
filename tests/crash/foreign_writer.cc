#include "crash/foreign_writer.h"

namespace pawl::test {
namespace {

constexpr const char* kMove = R"(
WITH debit AS (UPDATE ledger.account SET balance = balance - 1, version = version + 1 WHERE account_id = $1
               RETURNING version, balance),
     credit AS (UPDATE ledger.account SET balance = balance + 1, version = version + 1 WHERE account_id = $2
                RETURNING version, balance)
INSERT INTO ledger.transfer (transfer_id, debit_account_id, credit_account_id, amount, currency, memo)
SELECT gen_random_uuid(), $1, $2, 1, 'EUR',
       'foreign ' || d.version || ' ' || d.balance || ' ' || c.version || ' ' || c.balance
FROM debit d, credit c)";

}  // namespace

bool move_a_cent(Database& database, std::int64_t debit, std::int64_t credit) {
  postgres::Parameters accounts;
  accounts.add(debit);
  accounts.add(credit);
  try {
    return database.execute(kMove, accounts).affected() == 1;
  } catch (const Failure& failure) {
    if (failure.remedy() != Remedy::rerun_now) throw;
    return false;
  }
}

}  // namespace pawl::test
