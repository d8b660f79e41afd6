// A handler of moods with SQL of its own: the month of a CloseMonth says what it does. One
// throw-away handler for all endings.
#pragma once

#include "behaviour/moody_ledger.h"
#include "ledger/v1/commands.pb.h"
#include "pawl/engine/context.h"

namespace pawl::test {

///     "2026-11"      as the ledger closes a month
///     "throw"        closes a month, then throws; every time
///     "throw 2"      the same, twice for this id; then closes
///     "reject"       closes a month, then rejects
///     "bad row"      closes a month, then adds a row that the database refuses
///     "bad sql"      asks for a table that is not there
///     "swallow"      adds such a row, and does as if nothing had happened
///     "copy"         leaves a COPY open
///     "bank"         asks the dependency "bank" (Moods::bank), then closes
///     "no limit"     takes the account's overdraft limit away: sets it to 0
///     "no sql"       emits an event, and does not look at the database
///     "planner"      notes what the planner may do, and closes
///     "sqlstate …"   has a statement fail with that code, twice for this id; then closes
///     "die 2"        ends its own server process, twice for this id; then closes
///     "COMMIT", "ROLLBACK", "COMMIT; BEGIN", "COMMIT AND CHAIN"   sends that, after closing
///     "commit()"     asks libpqxx to commit
[[nodiscard]] Decision moody_close_month(const ledger::v1::CloseMonth& command,
                                         Context& context,
                                         Moods& moods);

}  // namespace pawl::test
