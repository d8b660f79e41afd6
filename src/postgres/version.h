// Which libpq runs.
#pragma once

#include <string>

namespace pawl::postgres {

/// "15.8", of the library that is loaded. Thread-safe.
[[nodiscard]] std::string library_version();

}  // namespace pawl::postgres
