// One assigned partition's own, unforwarded librdkafka queue. Inside src/kafka only.
#pragma once

#include <memory>

#include "pawl/engine/ports.h"
#include "pawl/kafka/fetcher.h"

namespace pawl::kafka {

/// The queue's limits stop the fetching, so a lane that is not read costs nothing but its
/// prefetched records.
///
/// Wake: librdkafka calls when a record arrives at an *empty* queue, under the queue's lock.
/// Therefore: read once after making the source; read until fewer came than were asked for before
/// waiting for a wake; after stopping because the lane is full, read again when there is room,
/// without waiting for a wake. LaneOwner::wake() must not read, nor take a lock that is held while
/// reading.
///
/// Read by events, one record each, although rd_kafka_consume_batch_queue() would be cheaper: it
/// returns RD_KAFKA_OP_CONSUMER_ERR only, and RD_KAFKA_OP_ERR goes to the client's log. By the
/// latter librdkafka 2.0.2 tells that a topic or partition was deleted (rd_kafka_toppar_enq_error).
class PartitionSource final : public engine::LaneSource {
 public:
  PartitionSource(std::shared_ptr<Fetcher> fetcher, TopicPartition lane, engine::LaneOwner& owner);
  ~PartitionSource() override;
  PartitionSource(const PartitionSource&) = delete;
  PartitionSource& operator=(const PartitionSource&) = delete;

  void take(std::vector<Record>& into, std::size_t records_max, std::size_t bytes_max) override;

 private:
  /// Appends the event's record, or keeps the failure it tells.
  std::size_t append(EventHandle event, std::vector<Record>& into);
  void keep_failure(rd_kafka_resp_err_t error, const char* text, std::int64_t offset);

  std::shared_ptr<Fetcher> fetcher_;
  TopicPartition lane_;
  QueueHandle queue_;
  std::optional<Failure> failure_;  // stays: the partition cannot be read on
  std::size_t since_nudge_ = 0;
};

}  // namespace pawl::kafka
