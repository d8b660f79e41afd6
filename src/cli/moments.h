// Points in time as people type and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pawl/core/clock.h"

namespace pawl::cli {

/// "90s", "30m", "2h", "7d": that long before `now`. "2026-11-22", "2026-11-22T08:30:00Z": UTC.
/// Empty for anything else.
[[nodiscard]] std::optional<WallTime> parse_moment(std::string_view text, WallTime now);

/// "2026-11-22 08:30:00", in UTC.
[[nodiscard]] std::string readable(WallTime time);

}  // namespace pawl::cli
