#include "ledger_fixture.h"

namespace ledger {
namespace {

class TransferFundsTest : public LedgerTest {
 protected:
  void expect_rejected(const v1::TransferFunds& command, std::string_view code) {
    const pawl::Decision decision = decide(command);
    EXPECT_EQ(decision.code(), code);
    EXPECT_TRUE(decision.events().empty());
    EXPECT_TRUE(ledger_.transfers.rows().empty());
  }
};

TEST_F(TransferFundsTest, MoneyMoves) {
  account(1, 100);
  account(2, 5);
  v1::TransferFunds command = transfer(1, 2, 30);
  command.set_memo("rent");
  const auto event = only_event<v1::FundsTransferred>(decide(command));
  EXPECT_EQ(balance(1), 70);
  EXPECT_EQ(balance(2), 35);
  EXPECT_EQ(event.transfer_id(), info_.id.to_string());
  EXPECT_EQ(event.amount(), 30);
  EXPECT_EQ(event.memo(), "rent");
  EXPECT_EQ(event.debit_balance(), 70);
  EXPECT_EQ(event.credit_balance(), 35);
  EXPECT_EQ(event.debit_version(), 2);
  EXPECT_EQ(event.credit_version(), 2);
  ASSERT_EQ(ledger_.transfers.rows().size(), 1);
  EXPECT_EQ(ledger_.transfers.rows()[0].id, info_.id);
  EXPECT_EQ(ledger_.transfers.rows()[0].memo, "rent");
}

TEST_F(TransferFundsTest, OverdraftMayBeUsedToTheLastUnit) {
  account(1, 10, 20);
  account(2, 0);
  expect_rejected(transfer(1, 2, 31), "insufficient_funds");
  EXPECT_EQ(balance(1), 10);
  decide(transfer(1, 2, 30));
  EXPECT_EQ(balance(1), -20);
}

TEST_F(TransferFundsTest, HugeAmountsDoNotWrapAround) {
  account(1, -5, kMost);
  account(2, 0);
  expect_rejected(transfer(1, 2, kMost), "insufficient_funds");
  account(1, kMost);
  account(2, 1);
  expect_rejected(transfer(1, 2, kMost), "amount_overflow");
  EXPECT_EQ(balance(1), kMost);
  EXPECT_EQ(balance(2), 1);
  account(2, 0);
  decide(transfer(1, 2, kMost));
  EXPECT_EQ(balance(2), kMost);
}

TEST_F(TransferFundsTest, AmountMustBePositive) {
  account(1, 10);
  account(2, 10);
  expect_rejected(transfer(1, 2, 0), "amount_not_positive");
  expect_rejected(transfer(1, 2, -5), "amount_not_positive");
}

TEST_F(TransferFundsTest, BothAccountsMustExist) {
  account(1, 10);
  no_account(2);
  expect_rejected(transfer(1, 2, 5), "account_not_found");
  expect_rejected(transfer(2, 1, 5), "account_not_found");
}

TEST_F(TransferFundsTest, ClearingAccountsAreNobodysToMove) {
  account(1, 10);
  account(clearing_account_id("EUR"), -1000, kNoLimit);
  expect_rejected(transfer(clearing_account_id("EUR"), 1, 5), "account_not_found");
  expect_rejected(transfer(1, clearing_account_id("EUR"), 5), "account_not_found");
}

TEST_F(TransferFundsTest, AccountCannotPayItself) {
  account(1, 10);
  expect_rejected(transfer(1, 1, 5), "same_account");
}

TEST_F(TransferFundsTest, CurrenciesMustBeOne) {
  account(1, 10);
  ledger_.accounts.seed({2, "USD", 0, 0});
  expect_rejected(transfer(1, 2, 5), "currency_mismatch");
  v1::TransferFunds command = transfer(1, 2, 5);
  command.set_currency("USD");
  expect_rejected(command, "currency_mismatch");
  command.set_currency("");
  expect_rejected(command, "currency_invalid");
}

TEST_F(TransferFundsTest, MemoIsCountedInCharacters) {
  account(1, 10);
  account(2, 0);
  std::string memo;
  for (int i = 0; i < 140; ++i) memo += "€";
  v1::TransferFunds command = transfer(1, 2, 1);
  command.set_memo(memo + "x");
  expect_rejected(command, "memo_too_long");
  command.set_memo(std::string("a\0b", 3));
  expect_rejected(command, "memo_invalid");
  command.set_memo(memo);
  EXPECT_EQ(decide(command).code(), "");
}

TEST_F(TransferFundsTest, TouchAsksForWhatTheDeciderReads) {
  touch_transfer_funds(transfer(1, 2, 5), ledger_);
  const auto needs = ledger_.accounts.take_needs();
  ASSERT_TRUE(needs);
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(needs->keys), testing::ElementsAre(1, 2));
  touch_transfer_funds(transfer(3, 4, -5), ledger_);
  EXPECT_FALSE(ledger_.accounts.take_needs()) << "a command that is wrong by itself loads nothing";
}

TEST_F(TransferFundsTest, RejectionEventTellsWhichCommandAndWhy) {
  const v1::CommandRejected event = command_rejected(info_, kInsufficientFunds);
  EXPECT_EQ(event.command_id(), info_.id.to_string());
  EXPECT_EQ(event.command_id_as_sent(), "order-1");
  EXPECT_EQ(event.command_type(), "ledger.v1.TransferFunds");
  EXPECT_EQ(event.command_source(), "/shop");
  EXPECT_EQ(event.code(), "insufficient_funds");
}

}  // namespace
}  // namespace ledger
