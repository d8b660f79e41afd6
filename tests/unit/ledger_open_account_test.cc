#include "ledger_fixture.h"

namespace ledger {
namespace {

class OpenAccountTest : public LedgerTest {};

TEST_F(OpenAccountTest, NewAccountIsEmpty) {
  no_account(7);
  v1::OpenAccount command = open(7);
  command.set_overdraft_limit(500);
  const auto event = only_event<v1::AccountOpened>(decide(command));
  EXPECT_EQ(event.account_id(), 7);
  EXPECT_EQ(event.currency(), "EUR");
  EXPECT_EQ(event.overdraft_limit(), 500);
  EXPECT_EQ(event.version(), 1);
  ASSERT_NE(ledger_.accounts.find(7), nullptr);
  EXPECT_EQ(ledger_.accounts.find(7)->overdraft_limit, 500);
  EXPECT_EQ(balance(7), 0);
}

TEST_F(OpenAccountTest, TakenNumberIsRejected) {
  account(7, 100);
  EXPECT_EQ(decide(open(7)).code(), "account_exists");
  EXPECT_EQ(balance(7), 100);
}

TEST_F(OpenAccountTest, NumbersOfClearingAccountsCannotBeTaken) {
  EXPECT_EQ(decide(open(0)).code(), "account_id_invalid");
  EXPECT_EQ(decide(open(clearing_account_id("EUR"))).code(), "account_id_invalid");
}

TEST_F(OpenAccountTest, CurrencyAndLimitAreChecked) {
  no_account(7);
  v1::OpenAccount command = open(7);
  command.set_overdraft_limit(-1);
  EXPECT_EQ(decide(command).code(), "overdraft_limit_negative");
  command.set_currency("eur");
  EXPECT_EQ(decide(command).code(), "currency_invalid");
}

}  // namespace
}  // namespace ledger
