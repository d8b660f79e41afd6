#include "pawl/kafka/group_member.h"

#include <array>

#include "pawl/kafka/failure.h"
#include "pawl/kafka/partition_list.h"

namespace pawl::kafka {
namespace {

// A killed member's lanes stand still for so long; librdkafka would wait 45 s. 6 s is the least
// that a broker allows by default. A static member is waited for: it comes back under its name.
constexpr const char* kSession = "6000";
constexpr const char* kStaticSession = "30000";
// By its answer a member learns of a rebalance, and all wait for the last one to learn.
constexpr const char* kHeartbeat = "1000";

Client make_client(const LaneIntakeSettings& settings) {
  Configuration configuration;
  configuration.set("session.timeout.ms", settings.instance_id.empty() ? kSession : kStaticSession)
      .set("heartbeat.interval.ms", kHeartbeat)
      .apply(settings.kafka, Scope::consumer)
      .set("group.id", settings.group)
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("partition.assignment.strategy",
           settings.cooperative ? "cooperative-sticky" : "range,roundrobin")
      .set("allow.auto.create.topics", "false")
      .set("socket.nagle.disable", "true")
      .events(RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR);
  if (!settings.instance_id.empty()) configuration.set("group.instance.id", settings.instance_id);
  return configuration.create(RD_KAFKA_CONSUMER);
}

}  // namespace

GroupMember::GroupMember(const LaneIntakeSettings& settings)
    : cooperative_(settings.cooperative), client_(make_client(settings)) {
  rd_kafka_poll_set_consumer(client_.get());
  queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
  close_queue_.reset(rd_kafka_queue_new(client_.get()));
  const PartitionListHandle topics{
      rd_kafka_topic_partition_list_new(static_cast<int>(settings.topics.size()))};
  for (const std::string& topic : settings.topics) {
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (const auto error = rd_kafka_subscribe(client_.get(), topics.get());
      error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(error, "cannot subscribe as group=" + settings.group);
  }
}

EventHandle GroupMember::poll(std::chrono::milliseconds wait_max) {
  rd_kafka_queue_t* queue = leaving_ ? close_queue_.get() : queue_.get();
  return EventHandle{rd_kafka_queue_poll(queue, static_cast<int>(wait_max.count()))};
}

void GroupMember::wake() {
  rd_kafka_queue_yield(queue_.get());
}

// A cooperative client refuses assign(), any other one incremental_assign().
rd_kafka_resp_err_t GroupMember::acknowledge_assignment() {
  const PartitionListHandle nothing = partition_list({});
  if (!cooperative_) return rd_kafka_assign(client_.get(), nothing.get());
  const ErrorHandle refused{rd_kafka_incremental_assign(client_.get(), nothing.get())};
  return refused ? rd_kafka_error_code(refused.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
}

void GroupMember::acknowledge_revocation() {
  if (!cooperative_) {
    rd_kafka_assign(client_.get(), nullptr);
    return;
  }
  const PartitionListHandle nothing = partition_list({});
  const ErrorHandle ignored{rd_kafka_incremental_unassign(client_.get(), nothing.get())};
}

bool GroupMember::assignment_is_lost() const {
  return rd_kafka_assignment_lost(client_.get()) != 0;
}

rd_kafka_resp_err_t GroupMember::fatal_error(std::string& text) const {
  std::array<char, 512> words{};
  const rd_kafka_resp_err_t cause = rd_kafka_fatal_error(client_.get(), words.data(), words.size());
  text = words.data();
  return cause;
}

void GroupMember::commit(const std::map<TopicPartition, std::int64_t>& offsets) {
  rd_kafka_commit(client_.get(), partition_list(offsets).get(), /*async=*/1);
}

bool GroupMember::leave() {
  leaving_ = true;
  // Only a client with a fatal error refuses; its lanes were revoked when that error came.
  return ErrorHandle{rd_kafka_consumer_close_queue(client_.get(), close_queue_.get())} == nullptr;
}

bool GroupMember::has_left() const {
  return leaving_ && rd_kafka_consumer_closed(client_.get()) != 0;
}

}  // namespace pawl::kafka
