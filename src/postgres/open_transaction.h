// A transaction off the hot path, on a Connection.
#pragma once

#include "pawl/postgres/connection.h"

namespace pawl::postgres {

/// Ends in a rollback unless committed. A lost connection has rolled back by itself. Used by the
/// connection's thread while nothing is outstanding.
class OpenTransaction {
 public:
  /// Throws Failure.
  explicit OpenTransaction(Connection& connection);
  ~OpenTransaction();
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;

  /// Throws Failure, also when the server rolled back instead. With reconnect_and_rerun nobody
  /// knows whether it was committed.
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace pawl::postgres
