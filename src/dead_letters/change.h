// What operators decide about dead letters, each decision with its row in pawl.audit.
#pragma once

#include <cstdint>
#include <string>

#include "pawl/dead_letters/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::dead_letters {

/// Letters in state `from` get state `to`.
struct Change {
  State from;
  State to;
  std::string action;  // for the audit: "dead.discard"
  std::string who;
  std::string reason;
};

/// Changes at most `letters_max` of those that fit, the oldest first, in one transaction with one
/// row of audit. Returns how many; 0: none is left. Whoever is killed in between has changed and
/// noted the same letters, and may begin again. The filter's own state does not count. Throws
/// Failure.
std::int64_t change_some(postgres::Connection& connection,
                         Filter filter,
                         const Change& change,
                         std::int64_t letters_max);

}  // namespace pawl::dead_letters
