#include <gtest/gtest.h>

#include <set>
#include <string>

#include "rules.h"

namespace ledger {
namespace {

TEST(LedgerRulesTest, CurrencyIsThreeUpperCaseLetters) {
  EXPECT_TRUE(is_currency("EUR"));
  for (const char* code : {"", "EU", "EURO", "eur", "E1R", "€"}) EXPECT_FALSE(is_currency(code));
}

TEST(LedgerRulesTest, EveryCurrencyHasAClearingAccountOfItsOwn) {
  std::set<std::int64_t> ids;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) ids.insert(clearing_account_id(std::string{a, b, c}));
    }
  }
  EXPECT_EQ(ids.size(), 26 * 26 * 26);
  EXPECT_LT(*ids.rbegin(), 0);
  EXPECT_EQ(clearing_account_id("EUR"), -4230) << "the number is stored: it must never change";
}

TEST(LedgerRulesTest, CharactersAreCodePoints) {
  EXPECT_EQ(characters(""), 0);
  EXPECT_EQ(characters("aé€\U0001F980"), 4);
}

}  // namespace
}  // namespace ledger
