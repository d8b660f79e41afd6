// The events topic, read back as any subscriber would.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "bench/interrupt.h"
#include "bench/stage.h"
#include "pawl/core/record.h"
#include "pawl/core/uuid.h"

namespace pawl::bench {

struct EventLog {
  std::unordered_set<Uuid> causes;  // command ids that have an event
  std::uint64_t records = 0;
  std::uint64_t effects = 0;               // FundsTransferred, MonthClosed
  WallTime first_effect{}, last_effect{};  // when the broker had them
};

/// Everything that is there now. Throws std::runtime_error when it cannot be read in a minute.
[[nodiscard]] EventLog read_events(const Stage& stage, const Interrupt& interrupt);

/// The command that an event came from; empty when it does not say.
[[nodiscard]] std::optional<Uuid> cause_of(const Record& event);

}  // namespace pawl::bench
