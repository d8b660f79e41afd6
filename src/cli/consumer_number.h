#pragma once

#include <cstdint>
#include <string>

#include "pawl/postgres/connection.h"

namespace pawl::cli {

/// `url` and `program` ("pawl audit") are for messages. Throws Complaint when Pawl's tables are
/// missing.
void require_schema(postgres::Connection& connection,
                    const std::string& url,
                    const std::string& program);

/// The number that the database knows a consumer by. Requires the schema; throws Complaint, too,
/// when no consumer of this name has run, naming those that have.
[[nodiscard]] std::int16_t consumer_number(postgres::Connection& connection,
                                           const std::string& url,
                                           const std::string& name,
                                           const std::string& program);

}  // namespace pawl::cli
