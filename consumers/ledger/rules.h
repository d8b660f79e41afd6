// The rules that need no state, and the words of every rejection. What each word means stands in
// events.proto.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace ledger {

inline constexpr std::string_view kAccountExists = "account_exists";
inline constexpr std::string_view kAccountIdInvalid = "account_id_invalid";
inline constexpr std::string_view kAccountNotFound = "account_not_found";
inline constexpr std::string_view kAmountNotPositive = "amount_not_positive";
inline constexpr std::string_view kAmountOverflow = "amount_overflow";
inline constexpr std::string_view kCurrencyInvalid = "currency_invalid";
inline constexpr std::string_view kCurrencyMismatch = "currency_mismatch";
inline constexpr std::string_view kInsufficientFunds = "insufficient_funds";
inline constexpr std::string_view kMemoInvalid = "memo_invalid";
inline constexpr std::string_view kMemoTooLong = "memo_too_long";
inline constexpr std::string_view kMonthAlreadyClosed = "month_already_closed";
inline constexpr std::string_view kMonthInvalid = "month_invalid";
inline constexpr std::string_view kOverdraftLimitNegative = "overdraft_limit_negative";
inline constexpr std::string_view kPaymentAlreadyCaptured = "payment_already_captured";
inline constexpr std::string_view kPaymentIdInvalid = "payment_id_invalid";
inline constexpr std::string_view kSameAccount = "same_account";

inline constexpr std::size_t kMemoCharactersMax = 140;
inline constexpr std::size_t kPaymentIdBytesMax = 200;

/// Accounts that customers may name. The others, below zero, are clearing accounts: their overdraft
/// knows no limit, so nobody but CapturePayment may touch them.
constexpr bool is_customer_account(std::int64_t id) noexcept {
  return id > 0;
}

/// Three upper-case letters, the form of ISO 4217. Not checked against the list: it changes every
/// year.
constexpr bool is_currency(std::string_view code) noexcept {
  if (code.size() != 3) return false;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

/// The form 2026-11, from 0001-01 to 9999-12.
constexpr bool is_month(std::string_view text) noexcept {
  if (text.size() != 7 || text[4] != '-') return false;
  int digits = 0;
  for (const std::size_t at : {0, 1, 2, 3, 5, 6}) {
    if (text[at] < '0' || text[at] > '9') return false;
    digits = digits * 10 + (text[at] - '0');
  }
  return digits >= 100 && digits % 100 >= 1 && digits % 100 <= 12;
}

/// U+0000 is valid in Protobuf's strings, and PostgreSQL's text cannot hold it.
constexpr bool is_storable(std::string_view text) noexcept {
  return text.find('\0') == text.npos;
}

/// Unicode code points of a UTF-8 text.
constexpr std::size_t characters(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

/// The account that incoming payments of a currency are debited to: minus the code read as a number
/// to base 27, A = 1, so that EUR is -4230. `currency` must be is_currency().
constexpr std::int64_t clearing_account_id(std::string_view currency) noexcept {
  std::int64_t number = 0;
  for (const char c : currency) number = number * 27 + (c - 'A' + 1);
  return -number;
}

}  // namespace ledger
