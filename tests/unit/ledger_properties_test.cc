// What holds for every sequence of commands.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <ostream>

#include "ledger_table_fake.h"
#include "pawl/consumer/consumer.h"
#include "registration.h"
#include "rules.h"

namespace ledger {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// One command, before it is a message: something rapidcheck can shrink and print.
struct Step {
  enum class Kind { open, transfer, capture } kind;
  std::int64_t account;
  std::int64_t other;
  std::int64_t amount;  // OpenAccount: the overdraft limit
  std::string currency;
  std::string text;  // memo, external payment id
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
  constexpr const char* kNames[] = {"open", "transfer", "capture"};
  return out << kNames[static_cast<int>(step.kind)] << '(' << step.account << ", " << step.other
             << ", " << step.amount << ", \"" << step.currency << "\", \"" << step.text << "\")";
}

rc::Gen<Step> any_step() {
  using rc::gen::elementOf;
  using rc::gen::weightedElement;
  return rc::gen::build<Step>(
      rc::gen::set(
          &Step::kind,
          weightedElement<Step::Kind>(
              {{3, Step::Kind::open}, {8, Step::Kind::transfer}, {4, Step::Kind::capture}})),
      rc::gen::set(
          &Step::account,
          weightedElement<std::int64_t>({{6, 1}, {6, 2}, {6, 3}, {3, 4}, {1, 0}, {1, -4230}})),
      rc::gen::set(
          &Step::other,
          weightedElement<std::int64_t>({{6, 1}, {6, 2}, {6, 3}, {3, 4}, {1, 0}, {1, -4230}})),
      rc::gen::set(&Step::amount,
                   weightedElement<std::int64_t>({{8, 10},
                                                  {8, 1},
                                                  {4, 500},
                                                  {1, 0},
                                                  {1, -1},
                                                  {1, kMost},
                                                  {1, kMost - 1},
                                                  {1, std::numeric_limits<std::int64_t>::min()}})),
      rc::gen::set(&Step::currency,
                   weightedElement<std::string>({{12, "EUR"}, {2, "USD"}, {1, "eur"}, {1, ""}})),
      rc::gen::set(&Step::text,
                   weightedElement<std::string>({{6, "p-1"},
                                                 {6, "p-2"},
                                                 {6, "p-3"},
                                                 {1, ""},
                                                 {1, std::string("\0", 1)},
                                                 {1, std::string(201, 'x')}})));
}

rc::Gen<std::vector<Step>> any_steps() {
  return rc::gen::scale(2, rc::gen::container<std::vector<Step>>(any_step()));
}

std::string message_of(const Step& step) {
  switch (step.kind) {
    case Step::Kind::open: {
      v1::OpenAccount command;
      command.set_account_id(step.account);
      command.set_currency(step.currency);
      command.set_overdraft_limit(step.amount);
      return command.SerializeAsString();
    }
    case Step::Kind::transfer: {
      v1::TransferFunds command;
      command.set_debit_account_id(step.account);
      command.set_credit_account_id(step.other);
      command.set_amount(step.amount);
      command.set_currency(step.currency);
      command.set_memo(step.text);
      return command.SerializeAsString();
    }
    case Step::Kind::capture: {
      v1::CapturePayment command;
      command.set_external_payment_id(step.text);
      command.set_account_id(step.account);
      command.set_amount(step.amount);
      command.set_currency(step.currency);
      return command.SerializeAsString();
    }
  }
  return {};
}

// The registered ledger, run batch by batch against a database that checks every version.
class Runner {
 public:
  Runner() {
    register_commands(consumer_);
    registration_ = consumer_.registration();
    domain_ = registration_.make_domain();
  }

  void run_batch(std::span<const Step> steps) {
    ++batch_;
    for (pawl::engine::Table* table : domain_->tables()) table->begin_batch(batch_);
    std::vector<const void*> messages;
    for (const Step& step : steps) messages.push_back(touch(step));
    for (pawl::engine::Table* table : domain_->tables()) {
      if (const auto load = table->take_needs()) table->accept(*load, database_.load(*load));
    }
    for (std::size_t i = 0; i < steps.size(); ++i) decide(steps[i], messages[i]);
    for (pawl::engine::Table* table : domain_->tables()) {
      database_.apply(table->take_changes(batch_, batch_));
      table->settle(batch_);
    }
  }
  void forget() {
    for (pawl::engine::Table* table : domain_->tables()) table->forget();
  }

  FakeDatabase database_;
  std::vector<std::string> events_;  // type and bytes, or "rejected: " and the code
  bool last_rejected_ = false;

 private:
  const pawl::codec::CommandType& type_of(const Step& step) const {
    return *registration_.types[static_cast<std::size_t>(step.kind)];
  }
  const void* touch(const Step& step) {
    const void* message = type_of(step).parse_binary(message_of(step), arena_);
    domain_->touch(type_of(step), message);
    return message;
  }
  void decide(const Step& step, const void* message) {
    pawl::CommandInfo info{};
    info.id = pawl::Uuid::v7(std::chrono::milliseconds{++commands_}, 0, 0);
    for (pawl::engine::Table* table : domain_->tables()) table->begin_command(0);
    const pawl::Decision decision = domain_->decide(type_of(step), message, info);
    last_rejected_ = decision.rejected();
    for (pawl::engine::Table* table : domain_->tables()) {
      last_rejected_ ? table->undo() : table->keep();
    }
    if (last_rejected_) events_.push_back("rejected: " + decision.code());
    for (const auto& event : decision.events())
      events_.push_back(std::string(event.type) + event.payload);
  }

  pawl::Consumer<Ledger> consumer_{"ledger"};
  pawl::Registration registration_;
  std::unique_ptr<pawl::engine::Domain> domain_;
  pawl::codec::MessageArena arena_;
  pawl::engine::BatchNumber batch_ = 0;
  int commands_ = 0;
};

// Columns as declared in ledger.h.
std::int64_t number(const Values& row, std::size_t column) {
  return std::get<std::int64_t>(row[column]);
}

void check_books(FakeDatabase& database) {
  std::map<std::int64_t, __int128> booked;
  std::size_t captures = 0;
  for (const Values& row : database.journals["ledger.transfer"]) {
    RC_ASSERT(number(row, 3) > 0);
    if (number(row, 1) < 0) ++captures;
    booked[number(row, 1)] -= number(row, 3);
    booked[number(row, 2)] += number(row, 3);
  }
  __int128 sum = 0;
  for (const auto& [key, row] : database.states["ledger.account"]) {
    const std::int64_t balance = number(row.values, 2);
    RC_ASSERT(balance >= -number(row.values, 3));
    RC_ASSERT(static_cast<bool>(booked[number(row.values, 0)] == balance));
    sum += balance;
  }
  RC_ASSERT(static_cast<bool>(sum == 0));
  RC_ASSERT(captures == database.states["ledger.payment"].size());
}

RC_GTEST_PROP(LedgerProperties, MoneyIsConservedUnderAnySequence, ()) {
  Runner runner;
  for (const Step& step : *any_steps()) {
    runner.run_batch({&step, 1});
    check_books(runner.database_);
  }
}

RC_GTEST_PROP(LedgerProperties, RejectionsChangeNothing, ()) {
  Runner runner;
  for (const Step& step : *any_steps()) {
    const FakeDatabase before = runner.database_;
    const std::size_t events = runner.events_.size();
    runner.run_batch({&step, 1});
    RC_ASSERT(runner.events_.size() == events + 1);
    if (runner.last_rejected_) {
      for (const auto& [name, rows] : runner.database_.states) {
        const auto at = before.states.find(name);
        const bool same = at == before.states.end() ? rows.empty() : at->second == rows;
        RC_ASSERT(same);
      }
      RC_ASSERT(runner.database_.journals == before.journals);
    } else {
      RC_ASSERT(!(runner.database_ == before));
    }
  }
}

RC_GTEST_PROP(LedgerProperties, ABatchGivesTheSameStatesAndEventsAsOneByOne, ()) {
  const std::vector<Step> steps = *any_steps();
  const bool cold = *rc::gen::arbitrary<bool>();  // memory forgotten between batches
  Runner together;
  Runner one_by_one;
  for (std::size_t at = 0; at < steps.size();) {
    const auto size = std::min(*rc::gen::inRange<std::size_t>(1, 20), steps.size() - at);
    together.run_batch(std::span(steps).subspan(at, size));
    at += size;
  }
  for (const Step& step : steps) {
    one_by_one.run_batch({&step, 1});
    if (cold) one_by_one.forget();
  }
  RC_ASSERT(together.events_ == one_by_one.events_);
  RC_ASSERT(together.database_.journals == one_by_one.database_.journals);
  for (const char* table : {"ledger.account", "ledger.payment"}) {
    RC_ASSERT(
        static_cast<bool>(together.database_.states[table] == one_by_one.database_.states[table]));
  }
}

}  // namespace
}  // namespace ledger
