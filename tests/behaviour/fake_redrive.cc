#include <algorithm>
#include <tuple>

#include "behaviour/fake_database.h"

namespace pawl::test {
namespace {

std::vector<std::size_t> choose(const FakeDatabase& database,
                                std::size_t letters_max,
                                int redrives_max) {
  const auto place = [&](std::size_t letter) {
    return std::tie(database.dead_letters[letter].lane, database.dead_letters[letter].offset);
  };
  const auto redrives = [&](std::size_t letter) {
    return std::ranges::count_if(database.redriven,
                                 [&](std::size_t each) { return place(each) == place(letter); });
  };
  std::vector<std::size_t> chosen;
  for (std::size_t letter = 0; letter < database.dead_letters.size(); ++letter) {
    if (!database.redriven.contains(letter) && redrives(letter) < redrives_max)
      chosen.push_back(letter);
  }
  std::ranges::stable_sort(chosen, [&](auto a, auto b) { return place(a) < place(b); });
  chosen.resize(std::min(chosen.size(), letters_max));
  return chosen;
}

}  // namespace

std::vector<std::size_t> redrive(FakeDatabase& database,
                                 std::size_t letters_max,
                                 int redrives_max) {
  std::vector<std::size_t> chosen = choose(database, letters_max, redrives_max);
  std::set<TopicPartition> lanes;
  for (const std::size_t each : chosen) lanes.insert(database.dead_letters[each].lane);
  for (const TopicPartition& lane : lanes) {
    if (!database.locks.free(position_lock(lane))) return {};
  }
  for (const TopicPartition& lane : lanes) ++database.positions.at(lane).held_version;
  for (const std::size_t each : chosen) {
    const engine::DeadLetter& letter = database.dead_letters[each];
    const bool undecodable = letter.failure_class == "undecodable";
    PositionRow& position = database.positions.at(letter.lane);
    ++position.parked;
    ++(undecodable ? position.redriven_undecodable : position.redriven_exhausted);
    database.parking.hand_back(letter);
    const auto row = database.inbox.find(letter.message_id);
    if (!undecodable && row != database.inbox.end() && row->second.ending == Ending::exhausted)
      database.inbox.erase(row);
    database.redriven.insert(each);
  }
  return chosen;
}

}  // namespace pawl::test
