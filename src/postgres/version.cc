#include "pawl/postgres/version.h"

#include <libpq-fe.h>

namespace pawl::postgres {

std::string library_version() {
  const int version = PQlibVersion();  // 150008 is 15.8
  return std::to_string(version / 10'000) + "." + std::to_string(version % 10'000);
}

}  // namespace pawl::postgres
