// What an engine asked its database for while it worked off a topic: the floor's work, made before
// its time is taken.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pawl/consumer/registration.h"
#include "pawl/engine/domain.h"
#include "pawl/engine/store.h"

namespace pawl::bench {

/// One transaction's requests. Its outbox number, its time and its epoch are those of the recording
/// until a replay puts in its own.
struct RecordedBatch {
  engine::ClaimRequest claim;
  engine::SaveRequest save;
  engine::FenceRequest fence;
};

struct Recording {
  Registration registration;
  std::unique_ptr<engine::Domain> domain;  // the requests point to its tables' shapes
  std::vector<RecordedBatch> batches;      // in the order of their commits
};

/// What a database holds after all of it.
struct RecordedRows {
  std::uint64_t commands = 0;  // duplicates too
  std::uint64_t claimed = 0;   // different ids
  std::uint64_t events = 0;

  bool operator==(const RecordedRows&) const = default;
};
[[nodiscard]] RecordedRows rows_of(const Recording& recording);

}  // namespace pawl::bench
