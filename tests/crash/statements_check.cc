// What handlers with SQL of their own have done: the statements of closed months.
#include <fmt/format.h>

#include <map>

#include "crash/checks.h"

namespace pawl::test {
namespace {

using Faults = std::vector<std::string>;

std::string named(const SeenStatement& statement) {
  return fmt::format("statement: account {} month {}", statement.account, statement.month);
}

// A command has a statement if and only if its event says so, and both say the same.
void compare_with_events(const IndexedRun& run, const Observation& seen, Faults& faults) {
  for (const SeenEvent* event : run.first_events) {
    const auto rows = of(run.statements, event->cause);
    if (rows.size() != (event->statement ? 1 : 0)) {
      faults.push_back(fmt::format(
          "statement: command {} ended as {} and has {}", event->cause, event->type, rows.size()));
    } else if (event->statement && *rows.front() != *event->statement) {
      faults.push_back(named(*event->statement) + " is not what its event says");
    }
  }
  for (const SeenStatement& statement : seen.statements) {
    if (!run.by_cause.contains(statement.command_id))
      faults.push_back(named(statement) + " has no event");
  }
}

// Each begins where the one before it ended.
void follow_each_account(const Observation& seen, Faults& faults) {
  SeenStatement before;
  for (const SeenStatement& statement : seen.statements) {
    if (statement.account != before.account) before = {.account = statement.account};
    if (statement.opening != before.closing)
      faults.push_back(named(statement) + " does not begin with the balance of the one before");
    if (statement.version - before.version != statement.changes)
      faults.push_back(named(statement) + " counts changes otherwise than versions do");
    before = statement;
  }
}

// The balance is the one that the account had at that version.
void compare_with_bookings(const IndexedRun& run, const Observation& seen, Faults& faults) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> balances;
  for (const SeenEvent* event : run.first_events) {
    for (const Booking& booking : event->bookings)
      balances[{booking.account, booking.version}] = booking.balance;
  }
  for (const SeenStatement& statement : seen.statements) {
    const auto at = balances.find({statement.account, statement.version});
    if (at == balances.end() || at->second != statement.closing)
      faults.push_back(named(statement) + " closes with a balance that was not there");
  }
}

}  // namespace

std::vector<std::string> faulty_statements(const IndexedRun& run, const Observation& seen) {
  Faults faults;
  compare_with_events(run, seen, faults);
  follow_each_account(seen, faults);
  compare_with_bookings(run, seen, faults);
  return faults;
}

}  // namespace pawl::test
