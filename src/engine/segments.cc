#include "pawl/engine/segments.h"

#include <map>

#include "pawl/engine/batch.h"

namespace pawl::engine {
namespace {

bool needs_other_style(const Item& item, std::size_t segment) {
  return item.is_to_be_decided() && item.has_own_sql() != is_for_handlers(segment);
}

}  // namespace

Segments cut_into_segments(std::vector<Item>& items) {
  Segments segments(1);
  std::map<const Lane*, std::size_t> reached;
  for (Item& item : items) {
    std::size_t& segment = reached[item.lane];
    if (needs_other_style(item, segment)) ++segment;
    if (segment == segments.size()) segments.emplace_back();
    segments[segment].push_back(&item);
  }
  return segments;
}

}  // namespace pawl::engine
