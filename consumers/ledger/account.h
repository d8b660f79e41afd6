// The rows of the ledger, and the arithmetic of one account. Amounts are minor units of the
// account's currency.
#pragma once

#include <cstdint>
#include <string>

#include "pawl/core/uuid.h"

namespace ledger {

struct Account {
  std::int64_t id = 0;
  std::string currency;  // ISO 4217
  std::int64_t balance = 0;
  std::int64_t overdraft_limit = 0;  // 0 or more: how far the balance may go below zero

  /// Takes `amount` (> 0) off the balance; false, and nothing changed, when the limit forbids it.
  [[nodiscard]] bool withdraw(std::int64_t amount) noexcept {
    std::int64_t after = 0;
    if (__builtin_sub_overflow(balance, amount, &after) || after < -overdraft_limit) return false;
    balance = after;
    return true;
  }

  /// Adds `amount` (> 0) to the balance; false, and nothing changed, when it would leave int64.
  [[nodiscard]] bool deposit(std::int64_t amount) noexcept {
    std::int64_t after = 0;
    if (__builtin_add_overflow(balance, amount, &after)) return false;
    balance = after;
    return true;
  }
};

/// One booking in the journal. A balance is the sum of its account's credits minus that of its
/// debits.
struct Transfer {
  pawl::Uuid id;  // the command's message id
  std::int64_t debit_account_id = 0;
  std::int64_t credit_account_id = 0;
  std::int64_t amount = 0;
  std::string currency;
  std::string memo;
};

/// A provider's payment that was booked: what makes a repeated capture visible.
struct Payment {
  std::string external_id;
  std::int64_t account_id = 0;
  std::int64_t amount = 0;
  std::string currency;
};

}  // namespace ledger
