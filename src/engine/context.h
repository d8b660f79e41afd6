// What a handler with SQL of its own is given beside its command.
#pragma once

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/engine/decision.h"
#include "pawl/postgres/handler_sql.h"
#include "pawl/retry/dependency.h"

namespace pawl {

/// SQL with a name, usually a constant beside its only caller.
using postgres::Statement;

/// Lives during one call of a handler; used by its thread.
///
///     const pqxx::result rows =
///         context.transaction().exec_prepared(context.prepared(kCloseMonth), account, month);
class Context {
 public:
  Context(const CommandInfo& info, postgres::HandlerSql& sql, Circuits& circuits)
      : info_(info), sql_(sql), circuits_(circuits) {}

  [[nodiscard]] const CommandInfo& info() const { return info_; }

  /// The transaction that the command's effects, its events and the consumer's position are
  /// committed in. A handler neither commits nor ends it; what it did is undone when it rejects or
  /// throws.
  pqxx::transaction_base& transaction() { return sql_.transaction(); }

  /// Prepares the statement at its first use on a connection; returns its name, for
  /// exec_prepared().
  const std::string& prepared(const Statement& statement) { return sql_.prepared(statement); }

  /// A service outside, to be called through its circuit:
  ///
  ///     const Answer answer = context.dependency("bank").call([&] { return bank.ask(account); });
  ///
  /// After failures (circuit.failures_max in a row, or circuit.failure_percent of circuit.window)
  /// it is not called for a while: partitions whose commands need it wait, and no attempt is
  /// counted. `name`: a word of the program, it is seen in logs and metrics.
  [[nodiscard]] Dependency dependency(std::string_view name) {
    called_outside_ = true;
    return {name, circuits_, trouble_};
  }
  [[nodiscard]] bool called_outside() const { return called_outside_; }
  /// Of the exception that is being caught, if it came from a dependency's call; otherwise null.
  [[nodiscard]] const DependencyTrouble* trouble() const {
    return trouble_.thrown && trouble_.thrown == std::current_exception() ? &trouble_ : nullptr;
  }

  /// Emits an event, a Protobuf message or an Emitted, if the handler does not reject or throw.
  template <class Event>
  void emit(const Event& event) {
    events_.push_back(to_emitted(event));
  }
  [[nodiscard]] std::span<const Emitted> events() const { return events_; }

 private:
  const CommandInfo& info_;
  postgres::HandlerSql& sql_;
  Circuits& circuits_;
  DependencyTrouble trouble_;
  bool called_outside_ = false;
  std::vector<Emitted> events_;
};

}  // namespace pawl
