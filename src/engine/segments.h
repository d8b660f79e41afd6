// A batch with handlers in it is cut into segments of one style each: deciders, handlers, deciders
// … Each is done as a whole before the next, all in one transaction.
#pragma once

#include <cstddef>
#include <vector>

namespace pawl::engine {

struct Item;

/// The even ones are for deciders, the odd ones for handlers.
using Segments = std::vector<std::vector<Item*>>;

[[nodiscard]] constexpr bool is_for_handlers(std::size_t segment) {
  return segment % 2 == 1;
}

/// As few segments as keep each lane's order. What needs neither style (duplicates, garbage) goes
/// with what is before it in its lane. There is at least one segment, the first may be empty.
[[nodiscard]] Segments cut_into_segments(std::vector<Item>& items);

}  // namespace pawl::engine
