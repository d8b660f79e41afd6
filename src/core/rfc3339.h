// Points in time as text, the same in logs, headers and documents.
#pragma once

#include <string>

#include "pawl/core/clock.h"

namespace pawl {

/// RFC 3339 in UTC with milliseconds, "2026-11-20T12:17:49.123Z"; years 0 to 9999.
[[nodiscard]] std::string rfc3339(WallTime time);

}  // namespace pawl
