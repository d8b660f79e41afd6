#pragma once

#include <cstdint>
#include <string>

#include "pawl/postgres/connection.h"

namespace pawl::cli {

/// The number that the database knows a consumer by. `url` and `program` ("pawl reconcile") are for
/// messages. Throws Complaint when the schema is missing or no consumer of this name has run,
/// naming those that have.
[[nodiscard]] std::int16_t consumer_number(postgres::Connection& connection,
                                           const std::string& url,
                                           const std::string& name,
                                           const std::string& program);

}  // namespace pawl::cli
