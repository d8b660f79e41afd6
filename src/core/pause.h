// What an operator has stopped for a while.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pawl/core/record.h"

namespace pawl {

/// Of one consumer: all that fits both. Empty: any.
struct Pause {
  std::optional<TopicPartition> lane{};
  std::optional<std::string> type{};  // of commands
  auto operator<=>(const Pause&) const = default;
};

using Pauses = std::vector<Pause>;

}  // namespace pawl
