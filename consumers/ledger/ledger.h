// What the ledger's commands read and change, and where it is stored: the tables of migration 0002.
#pragma once

#include <tuple>

#include "account.h"
#include "pawl/engine/append_table.h"
#include "pawl/engine/state_table.h"

namespace ledger {

/// One per engine, used by its thread. The sum of all balances is zero after every command.
struct Ledger {
  pawl::StateTable<&Account::id> accounts{"ledger.account",
                                          {{"account_id", &Account::id},
                                           {"currency", &Account::currency},
                                           {"balance", &Account::balance},
                                           {"overdraft_limit", &Account::overdraft_limit}}};
  pawl::StateTable<&Payment::external_id> payments{"ledger.payment",
                                                   {{"external_payment_id", &Payment::external_id},
                                                    {"account_id", &Payment::account_id},
                                                    {"amount", &Payment::amount},
                                                    {"currency", &Payment::currency}}};
  pawl::AppendTable<Transfer> transfers{"ledger.transfer",
                                        {{"transfer_id", &Transfer::id},
                                         {"debit_account_id", &Transfer::debit_account_id},
                                         {"credit_account_id", &Transfer::credit_account_id},
                                         {"amount", &Transfer::amount},
                                         {"currency", &Transfer::currency},
                                         {"memo", &Transfer::memo}}};

  auto tables() { return std::tie(accounts, payments, transfers); }
};

}  // namespace ledger
