// What operators decide about held events, each decision with its row in pawl.audit. The active
// relay sees it within a second.
#pragma once

#include <cstdint>
#include <string>

#include "pawl/held_events/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::held_events {

/// Who decides, and why; for the audit.
struct Decision {
  std::string who;
  std::string reason;  // may be empty for a retry
};

/// Those that were refused are due now; what waits behind them follows. One transaction. Returns
/// how many. Throws Failure.
std::int64_t retry(postgres::Connection& connection,
                   const Filter& filter,
                   const Decision& decision);

/// Deletes at most `events_max`, the oldest first, in one transaction with one row of audit. Leaves
/// those that the relay would read again from the outbox if it died now: a moment later it would
/// not. Returns how many; 0: none is left that can go. One that is being tried at this moment may
/// still be published. Throws Failure.
std::int64_t discard_some(postgres::Connection& connection,
                          const Filter& filter,
                          const Decision& decision,
                          std::int64_t events_max);

}  // namespace pawl::held_events
