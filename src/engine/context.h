// What a handler with SQL of its own is given beside its command.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pawl/engine/decision.h"
#include "pawl/postgres/handler_sql.h"

namespace pawl {

/// SQL with a name, usually a constant beside its only caller.
using postgres::Statement;

/// Lives during one call of a handler; used by its thread.
///
///     const pqxx::result rows =
///         context.transaction().exec_prepared(context.prepared(kCloseMonth), account, month);
class Context {
 public:
  Context(const CommandInfo& info, postgres::HandlerSql& sql) : info_(info), sql_(sql) {}

  [[nodiscard]] const CommandInfo& info() const { return info_; }

  /// The transaction that the command's effects, its events and the consumer's position are
  /// committed in. A handler neither commits nor ends it; what it did is undone when it rejects or
  /// throws.
  pqxx::transaction_base& transaction() { return sql_.transaction(); }

  /// Prepares the statement at its first use on a connection; returns its name, for
  /// exec_prepared().
  const std::string& prepared(const Statement& statement) { return sql_.prepared(statement); }

  /// Emits an event, a Protobuf message or an Emitted, if the handler does not reject or throw.
  template <class Event>
  void emit(const Event& event) {
    events_.push_back(to_emitted(event));
  }
  [[nodiscard]] std::span<const Emitted> events() const { return events_; }

 private:
  const CommandInfo& info_;
  postgres::HandlerSql& sql_;
  std::vector<Emitted> events_;
};

}  // namespace pawl
