// A batch's transaction, lent to handlers one after the other: libpqxx on the engine's own PGconn.
//
// Two speakers, never at once. Between the first use by a handler and take_back() the connection is
// out of pipeline mode, the planner works with the database's own settings, and handlers run under
// a savepoint, as many under one as the engine likes. A handler that never asks for the transaction
// costs the server nothing.
//
// COMMIT sent as text by a handler fails on the server: a cursor WITH HOLD is open that cannot be
// kept, and only take_back() closes it. So nothing of the batch is committed by anybody else.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pawl/core/failure.h"
#include "pawl/postgres/handler_sql.h"

namespace pawl::postgres {

/// The Failure that the exception being handled stands for, when it comes from libpqxx or the
/// database. Its text quotes neither rows nor parameters.
[[nodiscard]] std::optional<Failure> caught_sql_failure();

/// Of one Connection and used by its thread; while that is in a transaction and nothing is
/// outstanding. All calls wait. Beside Failure they throw std::logic_error when a handler has ended
/// the transaction: the process must not go on.
class HandlerTransaction final : public HandlerSql {
 public:
  explicit HandlerTransaction(Connection& connection);
  ~HandlerTransaction() override;
  HandlerTransaction(const HandlerTransaction&) = delete;
  HandlerTransaction& operator=(const HandlerTransaction&) = delete;

  // ---- for the handler
  pqxx::transaction_base& transaction() override;
  const std::string& prepared(const Statement& statement) override;

  // ---- for the engine, after each handler
  /// Whether it asked for the transaction.
  [[nodiscard]] bool used() const;
  /// Whether what it did can stay. Not when a statement failed, whatever the handler made of that.
  [[nodiscard]] bool may_keep();
  /// The next one runs under the same savepoint.
  void go_on();
  /// What has been done since the savepoint stays; the next handler's use sets a new one.
  void keep();
  /// What has been done since the savepoint, by one handler or several, has never been.
  void undo();

  // ---- for the engine, after the last handler
  /// The connection is the engine's again, with its settings.
  void take_back();
  /// The same when something was thrown: the transaction is good for a rollback only.
  void abandon();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pawl::postgres
