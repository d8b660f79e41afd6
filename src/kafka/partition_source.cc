#include "pawl/kafka/partition_source.h"

#include "pawl/kafka/record_view.h"

namespace pawl::kafka {
namespace {

std::string name_of(const TopicPartition& lane) {
  return "topic=" + lane.topic + " partition=" + std::to_string(lane.partition);
}

std::string advice(rd_kafka_resp_err_t error) {
  switch (static_cast<int>(error)) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return "this offset is not on the broker: retention removed it before it was read, or the "
             "topic was recreated. "
             "Nothing is skipped silently: decide where to go on, set next_offset of this row in "
             "pawl.consumer_position, "
             "and restart";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "this client may not read the topic: grant READ to its principal and restart";
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return "the topic or partition was deleted: create it (pawl topics create) and restart";
    default:
      return "the partition cannot be read on";
  }
}

bool passes_by_itself(rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR__PARTITION_EOF) return true;
  const Remedy remedy = remedy_for(error);
  return remedy == Remedy::reconnect_and_rerun || remedy == Remedy::rerun_now;
}

void call_wake(rd_kafka_t*, void* owner) {
  static_cast<engine::LaneOwner*>(owner)->wake();
}

}  // namespace

PartitionSource::PartitionSource(std::shared_ptr<Fetcher> fetcher,
                                 TopicPartition lane,
                                 engine::LaneOwner& owner)
    : fetcher_(std::move(fetcher)), lane_(std::move(lane)), queue_(fetcher_->queue(lane_)) {
  rd_kafka_queue_cb_event_enable(queue_.get(), &call_wake, &owner);
}

// The callback runs under the queue's lock, so after this call it neither runs nor will run.
PartitionSource::~PartitionSource() {
  rd_kafka_queue_cb_event_enable(queue_.get(), nullptr, nullptr);
}

void PartitionSource::take(std::vector<Record>& into,
                           std::size_t records_max,
                           std::size_t bytes_max) {
  std::size_t bytes = 0;
  std::size_t records = 0;
  while (!failure_ && records < records_max && bytes < bytes_max) {
    EventHandle event{rd_kafka_queue_poll(queue_.get(), 0)};
    if (!event) break;
    const std::size_t size_before = into.size();
    bytes += append(std::move(event), into);
    records += into.size() - size_before;
  }
  since_nudge_ += records;
  if (fetcher_->nudge_after(since_nudge_)) since_nudge_ = 0;
  // Records that came before the failure are handed out first.
  if (failure_ && records == 0) throw *failure_;
}

std::size_t PartitionSource::append(EventHandle event, std::vector<Record>& into) {
  switch (rd_kafka_event_type(event.get())) {
    case RD_KAFKA_EVENT_FETCH: {
      const rd_kafka_message_t* message = rd_kafka_event_message_next(event.get());
      if (message == nullptr) return 0;
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        keep_failure(message->err, rd_kafka_message_errstr(message), message->offset);
        return 0;
      }
      into.push_back(to_record(*message));
      return into.back().bytes;
    }
    case RD_KAFKA_EVENT_ERROR: {
      rd_kafka_topic_partition_t* where = rd_kafka_event_topic_partition(event.get());
      const std::int64_t offset = where == nullptr ? RD_KAFKA_OFFSET_INVALID : where->offset;
      if (where != nullptr) rd_kafka_topic_partition_destroy(where);
      keep_failure(
          rd_kafka_event_error(event.get()), rd_kafka_event_error_string(event.get()), offset);
      return 0;
    }
    default:
      return 0;
  }
}

void PartitionSource::keep_failure(rd_kafka_resp_err_t error,
                                   const char* text,
                                   std::int64_t offset) {
  if (passes_by_itself(error)) return;
  std::string what = "cannot read " + name_of(lane_);
  if (offset >= 0) what += " offset=" + std::to_string(offset);
  what += ": " + advice(error);
  if (text != nullptr) what += std::string(" [") + text + "]";
  failure_ = make_failure(Remedy::give_up, error, what);
}

}  // namespace pawl::kafka
