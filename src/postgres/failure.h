// Turns PostgreSQL's errors around, once: SQLSTATE and severity -> what to do now. Private to this
// folder, but for remedy_of(), by which `pawl explain` tells what the engine will do. Source:
// https://www.postgresql.org/docs/15/errcodes-appendix.html
#pragma once

#include <string>
#include <string_view>

#include "pawl/core/failure.h"

struct pg_result;

namespace pawl::postgres {

/// The SQLSTATE that a lost connection gets: connection_failure.
inline constexpr std::string_view kConnectionLost = "08006";

/// What an error with this SQLSTATE asks for. Codes that are not in the table: retry_later.
[[nodiscard]] Remedy remedy_of(std::string_view sqlstate) noexcept;

/// True when the server ended the session with this error (FATAL, PANIC).
[[nodiscard]] bool ends_session(const pg_result* error) noexcept;

/// The failure of one statement. Its text has the statement's name, severity, SQLSTATE and the
/// server's primary message, which the server may fill with values for class 22 (data exceptions):
/// there it is left out, as DETAIL always is.
[[nodiscard]] Failure failure_of(const pg_result* error, std::string_view statement);

}  // namespace pawl::postgres
