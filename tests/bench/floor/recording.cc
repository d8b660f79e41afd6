#include "bench/floor/recording.h"

namespace pawl::bench {

RecordedRows rows_of(const Recording& recording) {
  RecordedRows rows;
  for (const RecordedBatch& batch : recording.batches) {
    rows.events += batch.save.events.size();
    for (const engine::LaneAdvance& lane : batch.fence.lanes) {
      rows.commands += static_cast<std::uint64_t>(lane.received);
      rows.claimed += static_cast<std::uint64_t>(lane.completed + lane.rejected + lane.exhausted);
    }
  }
  return rows;
}

}  // namespace pawl::bench
