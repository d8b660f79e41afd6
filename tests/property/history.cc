#include "property/history.h"

#include <algorithm>

namespace pawl::test {

const Publication* History::at(const Place& place) const {
  const auto found = std::ranges::find(published, place, &Publication::place);
  return found == published.end() ? nullptr : &*found;
}

std::vector<const Publication*> History::with_id(const Uuid& id) const {
  std::vector<const Publication*> found;
  for (const Publication& each : published) {
    if (each.id == id) found.push_back(&each);
  }
  return found;
}

Rank History::rank(const Publication& publication) const {
  const auto again = redriven.find(publication.place);
  if (again != redriven.end()) return again->second;
  return {2 * publication.place.second + 1, 0, 0};
}

}  // namespace pawl::test
