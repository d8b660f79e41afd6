// The ledger's handlers, failing by chance: one call in so many throws.
#pragma once

#include <random>
#include <stdexcept>
#include <type_traits>

#include "ledger.h"
#include "ledger/v1/commands.pb.h"
#include "pawl/consumer/consumer.h"

namespace pawl::test {

/// Registers at `consumer`, which must not outlive this. Accounts are always opened: what others do
/// with them must not depend on chance. Used by one engine's thread.
class FailingConsumer {
 public:
  /// `one_in` = 0: none fails.
  FailingConsumer(Consumer<ledger::Ledger>& consumer, int one_in)
      : consumer_(consumer), one_in_(one_in) {}

  template <class Message, class Touch, class Decide>
  void on(Touch touch, Decide decide) {
    consumer_.on<Message>(
        touch,
        [this, decide](const Message& command, ledger::Ledger& tables, const CommandInfo& info) {
          if constexpr (!std::is_same_v<Message, ledger::v1::OpenAccount>) perhaps_fail();
          if constexpr (std::is_invocable_v<Decide,
                                            const Message&,
                                            ledger::Ledger&,
                                            const CommandInfo&>) {
            return decide(command, tables, info);
          } else {
            return decide(command, tables);
          }
        });
  }
  template <class Message, class Handle, class Writes>
  void handle(Handle handle, Writes writes) {
    consumer_.handle<Message>(
        [this, handle](const Message& command, Context& context) {
          Decision decision = handle(command, context);
          perhaps_fail();
          return decision;
        },
        writes);
  }
  template <class Make>
  void on_rejection(Make make) {
    consumer_.on_rejection(make);
  }

 private:
  void perhaps_fail() {
    if (one_in_ > 0 && random_() % static_cast<unsigned>(one_in_) == 0)
      throw std::runtime_error("by chance");
  }

  Consumer<ledger::Ledger>& consumer_;
  int one_in_;
  std::mt19937 random_{std::random_device{}()};
};

}  // namespace pawl::test
