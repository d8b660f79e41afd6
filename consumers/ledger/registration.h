// The ledger's table of contents: which command goes to which function.
#pragma once

#include "deciders.h"
#include "handlers.h"
#include "pawl/engine/writes.h"

namespace ledger {

/// `Consumer` is pawl::Consumer<Ledger>, or a recorder in tests and tools that need the list
/// without the program.
template <class Consumer>
void register_commands(Consumer& consumer) {
  consumer.template on<v1::OpenAccount>(touch_open_account, open_account);
  consumer.template on<v1::TransferFunds>(touch_transfer_funds, transfer_funds);
  consumer.template on<v1::CapturePayment>(touch_capture_payment, capture_payment);
  consumer.template handle<v1::CloseMonth>(close_month, pawl::writes());
  consumer.on_rejection(command_rejected);
}

}  // namespace ledger
