// Opens one libpq connection with our defaults. Private to this folder.
#pragma once

#include <libpq-fe.h>

#include <memory>

#include "pawl/postgres/connection.h"

namespace pawl::postgres {

struct CloseConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using ConnectionHandle = std::unique_ptr<PGconn, CloseConnection>;

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

/// Tries the url's hosts one after the other, each within the timeout. Throws Failure.
[[nodiscard]] ConnectionHandle open_connection(const ConnectionSettings& settings);

/// Applies settings.session. Throws Failure.
void apply_session(PGconn* connection, const ConnectionSettings& settings);

}  // namespace pawl::postgres
