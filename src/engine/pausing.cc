// What operators have paused. A paused lane takes nothing, what it has in flight ends; commands of
// a paused type are parked, see decider_parking.cc.

#include <set>

#include "pawl/engine/engine.h"

namespace pawl::engine {

bool Engine::obey_pauses() {
  if (!parts_.pauses || parts_.pauses->version() == pauses_version_) return false;
  pauses_version_ = parts_.pauses->version();
  pauses_ = parts_.pauses->read();
  for (auto& [id, lane] : lanes_) obey_pauses(*lane);
  give_prepared_back();
  return true;
}

void Engine::obey_pauses(Lane& lane) const {
  bool paused = false;
  std::set<std::string, std::less<>> types;
  for (const Pause& pause : pauses_) {
    if (pause.lane && *pause.lane != lane.id()) continue;
    if (pause.type) {
      types.insert(*pause.type);
    } else {
      paused = true;
    }
  }
  lane.set_paused(paused);
  lane.held().pause(std::move(types));
}

// A record of a paused lane is looked at, so that its age is told.
void Engine::peek_paused() {
  for (auto& [id, lane] : lanes_) {
    if (lane->paused()) lane->peek(parts_.clock.now());
  }
}

// Nothing is run that may have been paused while no process was there.
bool Engine::knows_pauses() const {
  return !parts_.pauses || pauses_version_ != PauseBoard::kNothingRead;
}

}  // namespace pawl::engine
