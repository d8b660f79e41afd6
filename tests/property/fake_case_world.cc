#include "property/fake_case_world.h"

namespace pawl::test {
namespace {

constexpr int kRedrivesMax = 5;
constexpr int kLockTurnsMax = 60;  // a transaction needs some twelve

}  // namespace

FakeCaseWorld::PlantedWorld::PlantedWorld(int seed, Bug bug)
    : FakeWorld(static_cast<std::uint64_t>(seed)), bug_(bug) {
  database().lock_turns_max = kLockTurnsMax;
}

std::vector<Place> FakeCaseWorld::redrive(int letters_max) {
  FakeDatabase& database = world_.database();
  std::vector<Place> places;
  for (const std::size_t letter :
       test::redrive(database, static_cast<std::size_t>(letters_max), kRedrivesMax)) {
    places.emplace_back(database.dead_letters[letter].lane, database.dead_letters[letter].offset);
  }
  return places;
}

}  // namespace pawl::test
