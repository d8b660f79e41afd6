// What one transaction handles. A batch moves through the phases in order and is kept, with its
// records, until its commit is known.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "pawl/codec/command_decoder.h"
#include "pawl/codec/message_arena.h"
#include "pawl/core/clock.h"
#include "pawl/core/ending.h"
#include "pawl/engine/decision.h"
#include "pawl/engine/ids_in_flight.h"
#include "pawl/engine/lane.h"
#include "pawl/engine/segments.h"
#include "pawl/engine/store.h"
#include "pawl/engine/table.h"

namespace pawl::engine {

enum class Phase {
  reading,     // parked commands asked for
  taken,       // they have come; waits to be alone, if there are handlers
  claiming,    // claim sent
  working,     // claim answered; at its segments, if it has handlers
  decided,     // claim answered, commands decided; nothing of it saved
  saving,      // save sent; the fence too if this is the oldest batch
  saved,       // save answered; waits to be the oldest
  fencing,     // fence sent
  committing,  // COMMIT sent: from here on only the database knows
  settled,     // known to be committed
};

/// One record on its way through a batch.
struct Item {
  Pending pending;
  Lane* lane;
  std::expected<codec::DecodedCommand, codec::Undecodable> decoded;
  std::size_t touched = 0;  // its number among those of the batch that were touched
  int failed_here = 0;      // attempts of this batch that were followed by another at once
  Ending ending = Ending::interrupted;
  bool behind_held = false;                // its key was held when the batch was claimed
  bool paused = false;                     // its type was
  bool claimed = false;                    // its id is new
  bool given_back = false;                 // it went back to its lane; `pending` is empty
  std::unique_ptr<FailureNote> failure{};  // of this attempt

  /// Whether there is anything to decide or handle, as far as is known before the claim.
  [[nodiscard]] bool is_to_be_decided() const {
    return decoded && !behind_held && !paused && !pending.failed && ending != Ending::duplicate;
  }
  /// The number of the attempt that is under way, from 1 on.
  [[nodiscard]] int attempt() const { return pending.attempts + failed_here + 1; }
  [[nodiscard]] bool has_own_sql() const { return decoded && decoded->type->own_sql; }
  [[nodiscard]] CommandInfo info() const {
    return {decoded->id,
            decoded->id_text,
            decoded->type->name,
            decoded->source,
            pending.record.key.value_or(std::string_view{}),
            pending.record.timestamp};
  }
};

/// For metrics: how long decoding took, and the points in time between the phases.
struct Times {
  SteadyTime::duration decoding{};
  SteadyTime started, claimed, decided, saved;
};

struct Batch {
  BatchNumber number = 0;
  int session = 0;
  Phase phase = Phase::claiming;
  std::vector<Item> items;
  bool suspect = false;        // its process may not survive it: nothing else is in flight
  std::size_t handlers = 0;    // commands with SQL of their own among them
  Segments segments;           // only if there are handlers
  std::size_t segment = 0;     // the one at work
  LoadRequest load;            // for it
  std::size_t savepoints = 0;  // that handlers have used up
  std::optional<SteadyTime> handlers_end;  // no handler starts after this
  std::size_t bytes = 0;                   // of all records
  std::optional<WallTime> oldest;  // when its oldest record was produced, as far as records tell
  codec::MessageArena arena;       // holds the decoded messages
  ClaimRequest claim;
  SaveRequest save;
  FenceRequest fence;
  std::vector<const Lane*> advanced;              // of fence.lanes, in the same order
  std::vector<std::pair<Lane*, HeldKeyId>> held;  // keys whose heads are this batch's business
  bool fence_sent = false;
  std::size_t changed_by_others = 0;  // rows that were loaded again with another version
  std::map<std::pair<const codec::CommandType*, Ending>, std::int64_t>
      endings;           // how many; undecodable ones have no type
  IdsInFlight::Ids ids;  // once it is settled
  Times times{};
};

}  // namespace pawl::engine
