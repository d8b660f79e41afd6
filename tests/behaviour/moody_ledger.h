// The ledger with a handler of moods: a transfer's memo says how its handling ends. One throw-away
// handler for all endings.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pawl/consumer/registration.h"

namespace pawl::test {

/// Outlives the engines.
///
///     ""             as the ledger decides
///     "throw"        the handler changes accounts, then throws; every time
///     "throw 2"      the same, twice (or any other number below ten) for this id; then as the
///     ledger decides "throw 42"     throws something that is no std::exception; every time "later
///     2"      throws RetryAfter (an hour), twice for this id "touch throws" its touch function
///     throws "poison"       decides well, but also adds a journal row that the database refuses
///     (amount −1) "poison 2"     the same, as often as it is decided the first two times "ask
///     badly" its touch function asks for a key that no database can hold: the load fails "forget"
///     uses an account that its touch function did not ask for
struct Moods {
  bool old = false;                      // a process of before TransferFunds
  std::set<std::string> deadly;          // ids that no process survives …
  bool dead = false;                     // … as has just happened
  std::vector<std::string> decided;      // ids as sent, in the order of decider calls
  std::map<std::string, int> bad_times;  // by id: how often the mood was lived out
  std::string planner;                   // what a handler found; see moody_handler.h
  std::function<void()> bank;            // what is called in the mood "bank" of a handler
  std::function<void()> slow;            // what happens in the mood "slow" of a handler
};

[[nodiscard]] Registration moody_ledger(Moods& moods);

}  // namespace pawl::test
