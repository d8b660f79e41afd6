// The business of the ledger: one pair of functions per command. `touch_…` names the rows that its
// command may read or change, so that a batch loads them at once; the decider then works on memory
// alone: no I/O, no clock, no Kafka.
#pragma once

#include "ledger.h"
#include "ledger/v1/commands.pb.h"
#include "ledger/v1/events.pb.h"
#include "pawl/engine/decision.h"

namespace ledger {

void touch_open_account(const v1::OpenAccount& command, Ledger& ledger);
[[nodiscard]] pawl::Decision open_account(const v1::OpenAccount& command, Ledger& ledger);

void touch_transfer_funds(const v1::TransferFunds& command, Ledger& ledger);
[[nodiscard]] pawl::Decision transfer_funds(const v1::TransferFunds& command,
                                            Ledger& ledger,
                                            const pawl::CommandInfo& info);

void touch_capture_payment(const v1::CapturePayment& command, Ledger& ledger);
[[nodiscard]] pawl::Decision capture_payment(const v1::CapturePayment& command,
                                             Ledger& ledger,
                                             const pawl::CommandInfo& info);

/// The event that tells a sender that its command was rejected; `code` is one of rules.h.
[[nodiscard]] v1::CommandRejected command_rejected(const pawl::CommandInfo& command,
                                                   std::string_view code);

}  // namespace ledger
