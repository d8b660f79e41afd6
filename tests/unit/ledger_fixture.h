// A ledger in memory that is given accounts and commands, as the engine would, but by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "deciders.h"
#include "rules.h"

namespace ledger {

inline constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

class LedgerTest : public testing::Test {
 protected:
  // ---- what there is

  void account(std::int64_t id, std::int64_t balance, std::int64_t overdraft_limit = 0) {
    ledger_.accounts.seed({id, "EUR", balance, overdraft_limit});
  }
  void no_account(std::int64_t id) { ledger_.accounts.seed_absent(id); }
  void no_payment(const std::string& id) { ledger_.payments.seed_absent(id); }

  // ---- what is asked

  static v1::TransferFunds transfer(std::int64_t debit, std::int64_t credit, std::int64_t amount) {
    v1::TransferFunds command;
    command.set_debit_account_id(debit);
    command.set_credit_account_id(credit);
    command.set_amount(amount);
    command.set_currency("EUR");
    return command;
  }
  static v1::OpenAccount open(std::int64_t id) {
    v1::OpenAccount command;
    command.set_account_id(id);
    command.set_currency("EUR");
    return command;
  }
  static v1::CapturePayment capture(const std::string& payment,
                                    std::int64_t id,
                                    std::int64_t amount) {
    v1::CapturePayment command;
    command.set_external_payment_id(payment);
    command.set_account_id(id);
    command.set_amount(amount);
    command.set_currency("EUR");
    return command;
  }

  pawl::Decision decide(const v1::OpenAccount& command) {
    return ended([&] { return open_account(command, ledger_); });
  }
  pawl::Decision decide(const v1::TransferFunds& command) {
    return ended([&] { return transfer_funds(command, ledger_, info_); });
  }
  pawl::Decision decide(const v1::CapturePayment& command) {
    return ended([&] { return capture_payment(command, ledger_, info_); });
  }

  // ---- what came of it

  std::int64_t balance(std::int64_t id) {
    const Account* found = ledger_.accounts.find(id);
    return found != nullptr ? found->balance : 0;
  }
  template <class Event>
  static Event only_event(const pawl::Decision& decision) {
    Event event;
    EXPECT_EQ(decision.code(), "");
    EXPECT_EQ(decision.events().size(), 1);
    if (decision.events().empty()) return event;
    EXPECT_EQ(decision.events()[0].type, Event::descriptor()->full_name());
    EXPECT_FALSE(decision.events()[0].key) << "events take their command's key";
    EXPECT_TRUE(event.ParseFromString(decision.events()[0].payload));
    return event;
  }

  Ledger ledger_;
  pawl::CommandInfo info_{.id = *pawl::Uuid::parse("0190b5a2-7c3e-7d10-8a52-0123456789ab"),
                          .id_text = "order-1",
                          .type = "ledger.v1.TransferFunds",
                          .source = "/shop"};

 private:
  template <class Decide>
  pawl::Decision ended(Decide decide) {
    std::apply([](auto&... table) { (table.begin_command(0), ...); }, ledger_.tables());
    pawl::Decision decision = decide();
    std::apply([&](auto&... table) { ((decision.rejected() ? table.undo() : table.keep()), ...); },
               ledger_.tables());
    return decision;
  }
};

}  // namespace ledger
