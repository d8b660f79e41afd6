#include "ledger_fixture.h"

namespace ledger {
namespace {

class CapturePaymentTest : public LedgerTest {
 protected:
  const std::int64_t clearing_ = clearing_account_id("EUR");
};

TEST_F(CapturePaymentTest, FirstCaptureOpensTheClearingAccount) {
  account(1, 5);
  no_account(clearing_);
  no_payment("p-1");
  const auto event = only_event<v1::PaymentCaptured>(decide(capture("p-1", 1, 30)));
  EXPECT_EQ(balance(1), 35);
  EXPECT_EQ(balance(clearing_), -30);
  EXPECT_EQ(event.transfer_id(), info_.id.to_string());
  EXPECT_EQ(event.external_payment_id(), "p-1");
  EXPECT_EQ(event.clearing_account_id(), clearing_);
  EXPECT_EQ(event.balance(), 35);
  EXPECT_EQ(event.clearing_balance(), -30);
  EXPECT_EQ(event.version(), 2);
  EXPECT_EQ(event.clearing_version(), 1);
}

TEST_F(CapturePaymentTest, EveryCaptureIsABooking) {
  account(1, 0);
  account(clearing_, 0, kNoLimit);
  no_payment("p-1");
  decide(capture("p-1", 1, 30));
  ASSERT_EQ(ledger_.transfers.rows().size(), 1);
  EXPECT_EQ(ledger_.transfers.rows()[0].debit_account_id, clearing_);
  EXPECT_EQ(ledger_.transfers.rows()[0].credit_account_id, 1);
}

TEST_F(CapturePaymentTest, PaymentIsCapturedOnce) {
  account(1, 0);
  account(2, 0);
  account(clearing_, 0, kNoLimit);
  no_payment("p-1");
  decide(capture("p-1", 1, 30));
  EXPECT_EQ(decide(capture("p-1", 2, 40)).code(), "payment_already_captured");
  EXPECT_EQ(balance(clearing_), -30);
}

TEST_F(CapturePaymentTest, RejectedCaptureDoesNotUseThePaymentUp) {
  account(1, 0);
  no_account(2);
  account(clearing_, 0, kNoLimit);
  no_payment("p-1");
  EXPECT_EQ(decide(capture("p-1", 2, 30)).code(), "account_not_found");
  EXPECT_EQ(decide(capture("p-1", 1, 30)).code(), "");
}

TEST_F(CapturePaymentTest, BalancesStayInTheirRange) {
  account(1, kMost);
  no_account(clearing_);
  no_payment("p-1");
  EXPECT_EQ(decide(capture("p-1", 1, 1)).code(), "amount_overflow");
  EXPECT_EQ(ledger_.accounts.find(clearing_), nullptr) << "undone";
  account(1, 0);
  account(clearing_, -kMost, kNoLimit);
  EXPECT_EQ(decide(capture("p-1", 1, 1)).code(), "amount_overflow");
  EXPECT_EQ(balance(1), 0);
}

TEST_F(CapturePaymentTest, CommandIsCheckedByItself) {
  const auto code = [this](const v1::CapturePayment& command) { return decide(command).code(); };
  EXPECT_EQ(code(capture("", 1, 1)), "payment_id_invalid");
  EXPECT_EQ(code(capture(std::string(201, 'x'), 1, 1)), "payment_id_invalid");
  EXPECT_EQ(code(capture(std::string("\0", 1), 1, 1)), "payment_id_invalid");
  EXPECT_EQ(code(capture("p", 1, 0)), "amount_not_positive");
  v1::CapturePayment command = capture("p", 1, 1);
  command.set_currency("EURO");
  EXPECT_EQ(code(command), "currency_invalid");
}

TEST_F(CapturePaymentTest, AccountMustExistAndHaveTheCurrency) {
  no_payment("p-1");
  ledger_.accounts.seed({1, "USD", 0, 0});
  EXPECT_EQ(decide(capture("p-1", 1, 1)).code(), "currency_mismatch");
  EXPECT_EQ(decide(capture("p-1", clearing_, 1)).code(), "account_not_found");
}

}  // namespace
}  // namespace ledger
