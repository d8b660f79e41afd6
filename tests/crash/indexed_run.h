// A run by its commands: what the checker looks up.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "crash/observation.h"

namespace pawl::test {

/// Points into the observation that it was made from.
struct IndexedRun {
  static constexpr std::string_view kUndecodable =
      "undecodable";  // class of a dead letter that never was a command

  explicit IndexedRun(const Observation& seen);

  std::vector<const SeenCommand*> firsts;  // first record of each id, by place
  std::unordered_map<std::string_view, const SeenCommand*> commands;  // the same by id
  std::vector<const SeenEvent*> first_events;  // first publication of each ce_id, by place
  std::unordered_map<std::string_view, std::vector<const SeenEvent*>>
      by_cause;  // the same by the command
  std::unordered_map<std::string_view, std::vector<const SeenTransfer*>> transfers;
  std::unordered_map<std::string_view, std::vector<const SeenStatement*>> statements;
  std::unordered_map<std::string_view, std::vector<const SeenInboxRow*>> inbox;
  std::unordered_map<std::string_view, std::vector<const SeenDeadLetter*>> exhausted;
};

/// What belongs to a command in one of the maps; nothing is added by asking.
template <class Map>
typename Map::mapped_type of(const Map& map, std::string_view id) {
  const auto found = map.find(id);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}
template <class Map>
std::size_t count(const Map& map, std::string_view id) {
  return of(map, id).size();
}

}  // namespace pawl::test
