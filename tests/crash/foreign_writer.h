// Another program that writes the ledger's rows, as DESIGN §4 allows it: with a version more each
// time, and booked.
#pragma once

#include <cstdint>

#include "support/database.h"

namespace pawl::test {

/// Moves one cent between two accounts in a transaction of its own, and writes the new versions
/// into the transfer's memo for the checker. False when it lost against somebody (deadlock, its
/// backend terminated): nothing happened then.
bool move_a_cent(Database& database, std::int64_t debit, std::int64_t credit);

}  // namespace pawl::test
