// Stores with a bug each, for the property to find. They stand between the engine and the fake
// store.
#pragma once

#include <memory>

#include "behaviour/fake_world.h"
#include "pawl/engine/store.h"

namespace pawl::test {

enum class Bug {
  none,
  forgets_claims,    // after a recovery the first batch's message ids are not remembered
  drops_last_event,  // of a batch with several
  loses_effects,     // the position of a parked command's batch moves, its rows are not written
  releases_key_too_soon,  // a taker is not told of a key whose head has ended, though more wait
  forgets_held_keys,      // a taker is told of none
  fences_nobody,          // who has lost a lane is not stopped, and commits all the same
  turns_queue_round,      // what is parked of a key comes back last first
  redrives_unseen         // a redrive does not say that it changed what is held
};

/// `world` outlives the store.
[[nodiscard]] std::unique_ptr<engine::Store> plant(Bug bug,
                                                   std::unique_ptr<engine::Store> inner,
                                                   FakeWorld& world);

}  // namespace pawl::test
