// Outbox rows are views; tests mostly want to write one down and forget where its bytes are.
#pragma once

#include <string_view>

#include "pawl/core/outbox_row.h"

namespace pawl::test {

/// A copy that stays until the program ends. Thread-safe.
[[nodiscard]] std::string_view kept(std::string_view text);
/// The row with all that it points to.
[[nodiscard]] OutboxRow kept(const OutboxRow& row);

}  // namespace pawl::test
