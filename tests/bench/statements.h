// Where PostgreSQL's time went.
#pragma once

#include <cstdint>
#include <string>

#include "bench/stage.h"

namespace pawl::bench {

/// A table of the costliest statements of the stage's database since its creation, for each of
/// `commands` commands. Needs pg_stat_statements, see Options::statements.
[[nodiscard]] std::string costliest_statements(const Stage& stage, std::uint64_t commands);

/// Forgets what was counted until now.
void forget_statements(const Stage& stage);

}  // namespace pawl::bench
