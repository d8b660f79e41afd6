#include "pawl/kafka/record_reader.h"

#include "pawl/kafka/admin.h"
#include "pawl/kafka/configuration.h"
#include "pawl/kafka/record_view.h"

namespace pawl::kafka {
namespace {

Client make_client(const KafkaSettings& settings) {
  return Configuration{}
      .set("fetch.wait.max.ms", "100")
      .apply(settings, Scope::consumer)
      .set("auto.offset.reset", "error")
      .set("enable.partition.eof", "true")  // tells the end also where control records hide it
      .set("allow.auto.create.topics", "false")
      .set("socket.nagle.disable", "true")
      .events(RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR)
      .create(RD_KAFKA_CONSUMER);
}

}  // namespace

struct RecordReader::State {
  Client client;
  TopicHandle topic;
  QueueHandle queue;
  std::int32_t partitions = 0;

  ~State() {
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      rd_kafka_consume_stop(topic.get(), partition);
    }
  }
};

RecordReader::RecordReader(const KafkaSettings& settings,
                           const std::string& topic,
                           const std::map<std::int32_t, std::int64_t>& from)
    : state_(std::make_unique<State>()) {
  const std::vector<Watermarks> marks = Admin{settings}.watermarks(topic);
  state_->client = make_client(settings);
  state_->topic.reset(rd_kafka_topic_new(state_->client.get(), topic.c_str(), nullptr));
  state_->queue.reset(rd_kafka_queue_new(state_->client.get()));
  for (const Watermarks& mark : marks) {
    const std::int32_t partition = state_->partitions++;
    const auto given = from.find(partition);
    const std::int64_t begin = given == from.end() ? mark.low : given->second;
    if (begin < mark.high) remaining_[partition] = mark.high;
    rd_kafka_consume_start_queue(state_->topic.get(), partition, begin, state_->queue.get());
  }
}

RecordReader::~RecordReader() = default;

std::optional<Record> RecordReader::poll(std::chrono::milliseconds wait_max) {
  EventHandle event{rd_kafka_queue_poll(state_->queue.get(), static_cast<int>(wait_max.count()))};
  if (!event) return std::nullopt;
  if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_FETCH) {
    const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
    if (error == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      rd_kafka_topic_partition_t* where = rd_kafka_event_topic_partition(event.get());
      if (where != nullptr) remaining_.erase(where->partition);
      if (where != nullptr) rd_kafka_topic_partition_destroy(where);
      return std::nullopt;
    }
    if (remedy_for(error) == Remedy::reconnect_and_rerun) return std::nullopt;
    throw make_failure(Remedy::give_up,
                       error,
                       std::string("cannot read topic=") +
                           rd_kafka_topic_name(state_->topic.get()) + " [" +
                           rd_kafka_event_error_string(event.get()) + "]");
  }
  const rd_kafka_message_t* message = rd_kafka_event_message_next(event.get());
  Record record = to_record(*message);
  const auto end = remaining_.find(record.partition);
  if (end != remaining_.end() && record.offset + 1 >= end->second) remaining_.erase(end);
  return record;
}

}  // namespace pawl::kafka
