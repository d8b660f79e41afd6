// Commands that need SQL in the middle: handlers that work on the database themselves, in the
// transaction of their batch.
#pragma once

#include "ledger/v1/commands.pb.h"
#include "ledger/v1/events.pb.h"
#include "pawl/engine/context.h"

namespace ledger {

/// Writes ledger.statement, and none of the tables in ledger.h.
[[nodiscard]] pawl::Decision close_month(const v1::CloseMonth& command, pawl::Context& context);

}  // namespace ledger
