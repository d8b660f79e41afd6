// What a handler with SQL of its own sees of the database. Implemented on the engine's connection
// (handler_transaction.h), and in a few lines by whoever tests a handler.
#pragma once

#include <pqxx/except>
#include <pqxx/result>
#include <pqxx/row>
#include <pqxx/transaction_base>
#include <string>

#include "pawl/postgres/connection.h"

namespace pawl::postgres {

class HandlerSql {
 public:
  virtual ~HandlerSql() = default;
  /// The transaction that the command takes effect in.
  virtual pqxx::transaction_base& transaction() = 0;
  /// Makes the statement known to the connection, once; returns its name for exec_prepared().
  virtual const std::string& prepared(const Statement& statement) = 0;
};

}  // namespace pawl::postgres
