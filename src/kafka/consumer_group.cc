#include "pawl/kafka/consumer_group.h"

#include <array>

#include "pawl/core/thread_name.h"
#include "pawl/kafka/partition_list.h"

namespace pawl::kafka {
namespace {

using std::chrono::steady_clock;

constexpr int kPollMilliseconds = 100;
// Of one answer: an allocator hands a larger one back to the system, and every page of the next is
// cleared again. A record larger than that still comes (KIP-74).
constexpr std::size_t kFetchBytesMax = 1 << 20;
// A killed member's lanes stand still for so long; librdkafka would wait 45 s. 6 s is the least
// that a broker allows by default. A static member is waited for: it comes back under its name.
constexpr const char* kSession = "6000";
constexpr const char* kStaticSession = "30000";
// By its answer a member learns of a rebalance, and all wait for the last one to learn.
constexpr const char* kHeartbeat = "1000";
constexpr std::chrono::seconds kLeaveMax{5};  // for leaving the group after everything was released

std::shared_ptr<GroupClient> make_client(const LaneIntakeSettings& settings, std::size_t lanes) {
  Configuration configuration;
  FetchNudge nudge{configuration, settings.kafka};
  FetchBudget budget = fetch_budget(settings.memory_bytes, lanes);
  if (nudge.needed() && !nudge.possible()) budget.records = 100'000;  // a second's worth must fit
  configuration.set("queued.min.messages", std::to_string(budget.records))
      .set("queued.max.messages.kbytes", std::to_string(budget.kilobytes))
      .set("fetch.message.max.bytes", std::to_string(budget.fetch_bytes))
      .set("fetch.max.bytes", std::to_string(kFetchBytesMax))
      .set("fetch.min.bytes", "1")
      .set("fetch.wait.max.ms", "100")
      .set("fetch.error.backoff.ms", "100")
      .set("session.timeout.ms", settings.instance_id.empty() ? kSession : kStaticSession)
      .set("heartbeat.interval.ms", kHeartbeat)
      .apply(settings.kafka, Scope::consumer)
      .set("group.id", settings.group)
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("auto.offset.reset", "error")
      .set("partition.assignment.strategy",
           settings.cooperative ? "cooperative-sticky" : "range,roundrobin")
      .set("enable.partition.eof", "false")
      .set("allow.auto.create.topics", "false")
      .set("socket.nagle.disable", "true")
      .set("statistics.interval.ms", "1000")  // tells whether a broker is up
      .events(RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS |
              RD_KAFKA_EVENT_FETCH);
  if (!settings.instance_id.empty()) configuration.set("group.instance.id", settings.instance_id);
  Client client = configuration.create(RD_KAFKA_CONSUMER);
  return std::make_shared<GroupClient>(
      GroupClient{std::move(client), std::move(nudge), budget.records / 4});
}

// The partition's queue is ours alone: "forwarded to nothing, by the application" is what keeps the
// library from forwarding it to the group's queue when fetching starts. What an earlier assignment
// left in it is thrown away.
void own_queue(rd_kafka_t* client, const TopicPartition& lane) {
  const QueueHandle queue{rd_kafka_queue_get_partition(client, lane.topic.c_str(), lane.partition)};
  rd_kafka_queue_forward(queue.get(), nullptr);
  while (EventHandle{rd_kafka_queue_poll(queue.get(), 0)} != nullptr) {
  }
}

}  // namespace

ConsumerGroup::ConsumerGroup(const LaneIntakeSettings& settings,
                             std::span<engine::LaneOwner* const> owners,
                             std::size_t lanes,
                             std::uint64_t last_number)
    : settings_(settings),
      owners_(owners.begin(), owners.end()),
      shared_(make_client(settings, lanes)),
      rebalance_(owners_.size(), last_number),
      heartbeat_(steady_clock::now()) {
  rd_kafka_poll_set_consumer(client());
  queue_.reset(rd_kafka_queue_get_consumer(client()));
  close_queue_.reset(rd_kafka_queue_new(client()));
  const PartitionListHandle topics{
      rd_kafka_topic_partition_list_new(static_cast<int>(settings.topics.size()))};
  for (const std::string& topic : settings.topics) {
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (const auto error = rd_kafka_subscribe(client(), topics.get());
      error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(error, "cannot subscribe as group=" + settings.group);
  }
}

ConsumerGroup::~ConsumerGroup() {
  close();
}

void ConsumerGroup::run() {
  thread_ = std::thread([this] {
    name_this_thread("pawl poll");
    poll();
  });
}

void ConsumerGroup::close() {
  close_asked_ = true;
  wake_poll_thread();
  if (thread_.joinable()) thread_.join();
}

void ConsumerGroup::poll() {
  while (!finished()) {
    heartbeat_ = steady_clock::now();
    const EventHandle event{
        rd_kafka_queue_poll(closing_ ? close_queue_.get() : queue_.get(), kPollMilliseconds)};
    if (event) dispatch(*event);
    assign_when_all_started();
    unassign_when_all_released();
    commit_reports();
    if (close_asked_ && !closing_) begin_close();
  }
}

bool ConsumerGroup::finished() const {
  if (!closing_) return false;
  return rd_kafka_consumer_closed(client()) != 0 || steady_clock::now() >= close_deadline_;
}

void ConsumerGroup::begin_close() {
  closing_ = true;
  close_deadline_ = steady_clock::now() + settings_.release_max + kLeaveMax;
  const ErrorHandle error{rd_kafka_consumer_close_queue(client(), close_queue_.get())};
  // Only a client with a fatal error refuses; its lanes were revoked when that error came.
  if (error) close_deadline_ = steady_clock::now();
}

void ConsumerGroup::dispatch(rd_kafka_event_t& event) {
  switch (rd_kafka_event_type(&event)) {
    case RD_KAFKA_EVENT_REBALANCE:
      on_rebalance(event);
      break;
    case RD_KAFKA_EVENT_ERROR:
      on_error(event);
      break;
    case RD_KAFKA_EVENT_STATS:
      on_statistics(event);
      break;
    case RD_KAFKA_EVENT_FETCH:
      // It would be lost for its lane. Cannot happen (see own_queue); if it does, somebody must
      // know.
      tell(make_failure(Remedy::give_up,
                        RD_KAFKA_RESP_ERR__STATE,
                        "a record arrived outside its partition's queue; restart the consumer"));
      break;
    default:
      break;
  }
}

void ConsumerGroup::on_rebalance(rd_kafka_event_t& event) {
  const rd_kafka_topic_partition_list_t& partitions = *rd_kafka_event_topic_partition_list(&event);
  if (rd_kafka_event_error(&event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    on_assigned(partitions);
  } else {
    // An eager group takes everything.
    on_revoked(settings_.cooperative ? lanes_of(partitions) : lanes(),
               rd_kafka_assignment_lost(client()) != 0);
  }
}

// With the cooperative protocol these lanes come on top of what we have, and our own set is taken
// anew; other members are not concerned. A rebalance that changes nothing here interrupts nothing.
void ConsumerGroup::on_assigned(const rd_kafka_topic_partition_list_t& partitions) {
  assign_in_client({});  // acknowledges; the group goes on while the owners take over
  const std::vector<TopicPartition> lanes = lanes_of(partitions);
  Rebalance::Phase phase = Rebalance::Phase::none;
  {
    const std::lock_guard lock{mutex_};
    rebalance_.add(lanes);
    phase = rebalance_.phase();
  }
  if (phase == Rebalance::Phase::none) return begin_assignment();
  if (!lanes.empty() && phase != Rebalance::Phase::releasing) release(false);
}

void ConsumerGroup::begin_assignment() {
  for (const TopicPartition& lane : lanes()) own_queue(client(), lane);
  std::vector<std::vector<TopicPartition>> by_owner;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock{mutex_};
    by_owner = rebalance_.begin();
    number = rebalance_.number();
  }
  for (std::size_t i = 0; i < owners_.size(); ++i) {
    owners_[i]->assigned(number, std::move(by_owner[i]));
  }
}

void ConsumerGroup::assign_when_all_started() {
  const std::lock_guard lock{mutex_};
  if (rebalance_.phase() != Rebalance::Phase::starting || !rebalance_.all_started()) return;
  assign_in_client(rebalance_.offsets());
  rebalance_.fetching();
}

void ConsumerGroup::on_revoked(std::span<const TopicPartition> lanes, bool lost) {
  Rebalance::Phase phase = Rebalance::Phase::none;
  {
    const std::lock_guard lock{mutex_};
    rebalance_.remove(lanes);
    phase = rebalance_.phase();
  }
  if (phase == Rebalance::Phase::none) return unassign();
  if (phase != Rebalance::Phase::releasing) release(lost);
}

void ConsumerGroup::release(bool lost) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock{mutex_};
    rebalance_.revoke();
    number = rebalance_.number();
  }
  release_deadline_ = steady_clock::now() + settings_.release_max;
  for (engine::LaneOwner* owner : owners_) owner->revoked(number, lost);
}

void ConsumerGroup::unassign_when_all_released() {
  {
    const std::lock_guard lock{mutex_};
    if (rebalance_.phase() != Rebalance::Phase::releasing) return;
    if (!rebalance_.all_released() && !abandoned_) {
      if (steady_clock::now() < release_deadline_) return;
      tell(make_failure(Remedy::rerun_now,
                        RD_KAFKA_RESP_ERR__TIMED_OUT,
                        "lanes of group=" + settings_.group + " were not released within " +
                            std::to_string(settings_.release_max.count()) +
                            " ms; given up without it (fencing keeps this safe)"));
    }
  }
  unassign();
}

// Lanes that the group has left us are taken again at once.
void ConsumerGroup::unassign() {
  next_report_ = {};
  commit_reports();
  unassign_in_client();
  bool some_stay = false;
  {
    const std::lock_guard lock{mutex_};
    rebalance_.end();
    some_stay = !rebalance_.lanes().empty() && !closing_;
  }
  if (some_stay) begin_assignment();
}

// A cooperative client refuses assign(), any other one incremental_assign().
void ConsumerGroup::assign_in_client(const std::map<TopicPartition, std::int64_t>& offsets) {
  const PartitionListHandle list = partition_list(offsets);
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (settings_.cooperative) {
    const ErrorHandle refused{rd_kafka_incremental_assign(client(), list.get())};
    if (refused) error = rd_kafka_error_code(refused.get());
  } else {
    error = rd_kafka_assign(client(), list.get());
  }
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    fetched_.insert(offsets.begin(), offsets.end());
  } else {
    tell(make_failure(error, "cannot assign lanes to group=" + settings_.group));
  }
}

void ConsumerGroup::unassign_in_client() {
  if (settings_.cooperative) {
    const ErrorHandle ignored{
        rd_kafka_incremental_unassign(client(), partition_list(fetched_).get())};
  } else {
    rd_kafka_assign(client(), nullptr);
  }
  fetched_.clear();
}

void ConsumerGroup::on_error(rd_kafka_event_t& event) {
  const rd_kafka_resp_err_t error = rd_kafka_event_error(&event);
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) reachable_ = false;
  if (rd_kafka_event_error_is_fatal(&event) != 0) return end_client();
  tell(make_failure(error,
                    "group=" + settings_.group + " [" + rd_kafka_event_error_string(&event) + "]"));
}

// librdkafka does nothing more after a fatal error; that a static member was fenced is the one that
// a consumer knows.
void ConsumerGroup::end_client() {
  std::array<char, 512> text{};
  const rd_kafka_resp_err_t cause = rd_kafka_fatal_error(client(), text.data(), text.size());
  on_revoked(lanes(), true);
  const std::string advice =
      cause == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID
          ? "another process has joined with consumer.instance_id=" + settings_.instance_id +
                "; give each process an id of its own, such as its pod's name"
          : "restart the consumer";
  const Failure failure = make_failure(
      Remedy::give_up,
      cause,
      "group=" + settings_.group + " cannot go on: " + advice + " [" + text.data() + "]");
  tell(failure);
  if (settings_.on_fatal) settings_.on_fatal(failure);
}

void ConsumerGroup::on_statistics(rd_kafka_event_t& event) {
  const std::string_view json = rd_kafka_event_stats(&event);
  reachable_ = json.find(R"("state":"UP")") != std::string_view::npos;
}

void ConsumerGroup::commit_reports() {
  const SteadyTime now = steady_clock::now();
  if (now < next_report_) return;
  next_report_ = now + settings_.report_interval;
  std::map<TopicPartition, std::int64_t> reports;
  {
    const std::lock_guard lock{mutex_};
    reports.swap(reports_);
  }
  if (reports.empty()) return;
  rd_kafka_commit(
      client(), partition_list(reports).get(), /*async=*/1);  // informational: no answer wanted
}

void ConsumerGroup::started(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) {
  const std::lock_guard lock{mutex_};
  const bool already_fetching = rebalance_.phase() == Rebalance::Phase::fetching;
  if (!rebalance_.started(assignment, lanes)) return;
  if (!already_fetching) {
    wake_poll_thread();
    return;
  }
  // Taken again after a recovery: fetch from there, dropping what was prefetched.
  std::map<TopicPartition, std::int64_t> again;
  for (const engine::LaneStart& start : lanes) again[start.lane] = start.next_offset;
  const ErrorHandle ignored{rd_kafka_seek_partitions(client(), partition_list(again).get(), 0)};
}

void ConsumerGroup::released(std::uint64_t assignment) {
  const std::lock_guard lock{mutex_};
  rebalance_.released(assignment);
  wake_poll_thread();
}

void ConsumerGroup::report(std::span<const engine::LaneStart> next) {
  const std::lock_guard lock{mutex_};
  for (const engine::LaneStart& start : next) {
    if (rebalance_.lanes().contains(start.lane)) {
      reports_[start.lane] = start.next_offset;
    }
  }
}

std::unique_ptr<engine::LaneSource> ConsumerGroup::source(const TopicPartition& lane) {
  QueueHandle queue;
  std::size_t owner = 0;
  {
    const std::lock_guard lock{mutex_};
    owner = rebalance_.owner_of(lane);
    if (rebalance_.lanes().contains(lane)) {
      queue.reset(rd_kafka_queue_get_partition(client(), lane.topic.c_str(), lane.partition));
    }
  }
  if (!queue) {
    throw make_failure(Remedy::rerun_now,
                       RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST,
                       "topic=" + lane.topic + " partition=" + std::to_string(lane.partition) +
                           " is not assigned to group=" + settings_.group + " here any more");
  }
  return std::make_unique<PartitionSource>(shared_, lane, std::move(queue), *owners_[owner]);
}

std::vector<TopicPartition> ConsumerGroup::lanes() const {
  const std::lock_guard lock{mutex_};
  return {rebalance_.lanes().begin(), rebalance_.lanes().end()};
}

std::uint64_t ConsumerGroup::number() const {
  const std::lock_guard lock{mutex_};
  return rebalance_.number();
}

void ConsumerGroup::wake_poll_thread() {
  rd_kafka_queue_yield(queue_.get());
}

void ConsumerGroup::tell(const Failure& failure) const {
  if (settings_.on_failure) settings_.on_failure(failure);
}

}  // namespace pawl::kafka
