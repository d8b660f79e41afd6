#include "pawl/kafka/fetcher.h"

#include <string>
#include <utility>

#include "pawl/kafka/partition_list.h"

namespace pawl::kafka {
namespace {

// Of one answer: an allocator hands a larger one back to the system, and every page of the next is
// cleared again. A record larger than that still comes (KIP-74).
constexpr std::size_t kFetchBytesMax = 1 << 20;

Client make_client(Configuration& configuration,
                   const LaneIntakeSettings& settings,
                   const FetchBudget& budget) {
  configuration.set("queued.min.messages", std::to_string(budget.records))
      .set("queued.max.messages.kbytes", std::to_string(budget.kilobytes))
      .set("fetch.message.max.bytes", std::to_string(budget.fetch_bytes))
      .set("fetch.max.bytes", std::to_string(kFetchBytesMax))
      .set("fetch.min.bytes", "1")
      .set("fetch.wait.max.ms", "100")
      .set("fetch.error.backoff.ms", "100")
      .apply(settings.kafka, Scope::consumer)
      .set("group.id", settings.group)  // the library wants one; this client never joins it
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("auto.offset.reset", "error")
      .set("enable.partition.eof", "false")
      .set("allow.auto.create.topics", "false")
      .set("socket.nagle.disable", "true")
      .set("statistics.interval.ms", "1000")  // tells whether a broker is up
      .events(RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_FETCH);
  return configuration.create(RD_KAFKA_CONSUMER);
}

FetchBudget budget_of(const LaneIntakeSettings& settings,
                      const FetchNudge& nudge,
                      std::size_t lanes) {
  FetchBudget budget = fetch_budget(settings.memory_bytes, lanes);
  if (nudge.needed() && !nudge.possible()) budget.records = 100'000;  // a second's worth must fit
  return budget;
}

}  // namespace

Fetcher::Fetcher(const LaneIntakeSettings& settings, std::size_t lanes)
    : Fetcher(settings, Configuration{}, lanes) {}

Fetcher::Fetcher(const LaneIntakeSettings& settings, Configuration configuration, std::size_t lanes)
    : nudge_(configuration, settings.kafka) {
  const FetchBudget budget = budget_of(settings, nudge_, lanes);
  nudge_every_ = budget.records / 4;
  client_ = make_client(configuration, settings, budget);
  rd_kafka_poll_set_consumer(client());
  events_.reset(rd_kafka_queue_get_consumer(client()));
}

// "Forwarded to nothing, by the application" is what keeps the library from forwarding the queue
// to the client's own when fetching starts. What an earlier assignment left in it is thrown away.
void Fetcher::own(const TopicPartition& lane) {
  const QueueHandle own = queue(lane);
  rd_kafka_queue_forward(own.get(), nullptr);
  while (EventHandle{rd_kafka_queue_poll(own.get(), 0)} != nullptr) {
  }
}

rd_kafka_resp_err_t Fetcher::fetch(const std::map<TopicPartition, std::int64_t>& offsets) {
  if (offsets.empty()) return rd_kafka_assign(client(), nullptr);
  return rd_kafka_assign(client(), partition_list(offsets).get());
}

void Fetcher::seek(const std::map<TopicPartition, std::int64_t>& offsets) {
  const ErrorHandle ignored{rd_kafka_seek_partitions(client(), partition_list(offsets).get(), 0)};
}

QueueHandle Fetcher::queue(const TopicPartition& lane) {
  return QueueHandle{rd_kafka_queue_get_partition(client(), lane.topic.c_str(), lane.partition)};
}

EventHandle Fetcher::poll() {
  return EventHandle{rd_kafka_queue_poll(events_.get(), 0)};
}

bool Fetcher::nudge_after(std::size_t records) {
  if (records < nudge_every_) return false;
  nudge_(client());
  return true;
}

}  // namespace pawl::kafka
