// What fetches a consumer's lanes: a client of its own that is in no group. Inside src/kafka only.
#pragma once

#include <cstdint>
#include <map>

#include "pawl/kafka/fetch_budget.h"
#include "pawl/kafka/handle.h"
#include "pawl/kafka/lane_intake.h"

namespace pawl::kafka {

/// The group's client is told to fetch nothing: librdkafka throws away what it has fetched, and
/// stops, as soon as an eager group begins to rebalance, which ends only when its last dead
/// member's session has. Whose lanes they are is the database's to say (fencing), so those that
/// work may go on until the group has decided.
///
/// Kept alive by its sources, so these may outlive the assignment. Thread-safe but for poll().
class Fetcher {
 public:
  /// `lanes` is how many partitions the topics have together. Throws Failure(give_up) when the
  /// properties are refused.
  Fetcher(const LaneIntakeSettings& settings, std::size_t lanes);

  /// The lanes' queues become ours, empty. Before fetch().
  void own(const TopicPartition& lane);
  /// From now on these lanes, from these offsets, and no others.
  [[nodiscard]] rd_kafka_resp_err_t fetch(const std::map<TopicPartition, std::int64_t>& offsets);
  /// Lanes that are fetched go on from there; what was prefetched of them is dropped.
  void seek(const std::map<TopicPartition, std::int64_t>& offsets);
  /// A lane's own queue.
  [[nodiscard]] QueueHandle queue(const TopicPartition& lane);

  /// The next event that is about no single lane, or null; never waits. One thread.
  [[nodiscard]] EventHandle poll();
  /// `records` were taken from one lane since the last nudge; true when one was due.
  bool nudge_after(std::size_t records);

  [[nodiscard]] rd_kafka_t* client() const noexcept { return client_.get(); }

 private:
  Fetcher(const LaneIntakeSettings& settings, Configuration configuration, std::size_t lanes);

  FetchNudge nudge_;
  std::size_t nudge_every_;  // records taken from one lane between two nudges
  Client client_;
  QueueHandle events_;
};

}  // namespace pawl::kafka
