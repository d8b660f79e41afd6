#include "pawl/kafka/consumer_group.h"

#include <string>
#include <utility>

#include "pawl/core/thread_name.h"
#include "pawl/kafka/failure.h"
#include "pawl/kafka/partition_list.h"
#include "pawl/kafka/partition_source.h"

namespace pawl::kafka {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{100};
constexpr std::chrono::seconds kLeaveMax{5};  // for leaving the group after everything was released

}  // namespace

ConsumerGroup::ConsumerGroup(const LaneIntakeSettings& settings,
                             std::span<engine::LaneOwner* const> owners,
                             std::size_t lanes,
                             std::uint64_t last_number)
    : settings_(settings),
      owners_(owners.begin(), owners.end()),
      fetcher_(std::make_shared<Fetcher>(settings, lanes)),
      member_(settings),
      rebalance_(owners_.size(), last_number),
      heartbeat_(steady_clock::now()) {}

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
  member_.wake();
  if (thread_.joinable()) thread_.join();
}

void ConsumerGroup::poll() {
  while (!finished()) {
    heartbeat_ = steady_clock::now();
    if (const EventHandle event = member_.poll(kPoll)) dispatch(*event);
    while (const EventHandle told = fetcher_->poll()) dispatch_fetchers(*told);
    fetch_when_all_started();
    end_assignment_when_all_released();
    commit_reports();
    if (close_asked_) close_when_all_released();
  }
}

bool ConsumerGroup::finished() const {
  return leaving_ && (member_.has_left() || steady_clock::now() >= close_deadline_);
}

void ConsumerGroup::close_when_all_released() {
  if (!closing_) {
    closing_ = true;
    close_deadline_ = steady_clock::now() + settings_.release_max + kLeaveMax;
    let_go(lanes(), false);
  }
  if (leaving_ || phase() != Rebalance::Phase::none) return;
  leaving_ = true;
  commit_reports(/*now=*/true);
  if (!member_.leave()) close_deadline_ = steady_clock::now();
}

void ConsumerGroup::dispatch(rd_kafka_event_t& event) {
  switch (rd_kafka_event_type(&event)) {
    case RD_KAFKA_EVENT_REBALANCE:
      on_rebalance(event);
      break;
    case RD_KAFKA_EVENT_ERROR:
      if (rd_kafka_event_error_is_fatal(&event) != 0) {
        end_for_good();
      } else if (remedy_for(rd_kafka_event_error(&event)) != Remedy::reconnect_and_rerun) {
        on_error(event);  // of a broker that is away the fetcher tells
      }
      break;
    default:
      break;
  }
}

void ConsumerGroup::dispatch_fetchers(rd_kafka_event_t& event) {
  switch (rd_kafka_event_type(&event)) {
    case RD_KAFKA_EVENT_ERROR:
      if (rd_kafka_event_error(&event) == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) reachable_ = false;
      on_error(event);
      break;
    case RD_KAFKA_EVENT_STATS:
      on_statistics(event);
      break;
    case RD_KAFKA_EVENT_FETCH:
      // It would be lost for its lane. Cannot happen (see Fetcher::own); if it does, somebody must
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
  const std::vector<TopicPartition> lanes = lanes_of(*rd_kafka_event_topic_partition_list(&event));
  if (rd_kafka_event_error(&event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    on_assigned(lanes);
  } else if (settings_.cooperative) {
    on_revoked(lanes, member_.assignment_is_lost());
  } else {
    on_revoked_eagerly(member_.assignment_is_lost());
  }
}

// With the cooperative protocol these lanes come on top of what we have. A rebalance that changes
// nothing here interrupts nothing.
void ConsumerGroup::on_assigned(std::span<const TopicPartition> lanes) {
  // The group goes on while the owners take over.
  if (const auto error = member_.acknowledge_assignment(); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    tell(make_failure(error, "cannot take an assignment of group=" + settings_.group));
  }
  settled_ = true;
  if (closing_) return;
  bool changes = !lanes.empty();
  {
    const std::lock_guard lock{mutex_};
    if (settings_.cooperative) {
      rebalance_.add(lanes);
    } else {
      changes = rebalance_.replace(lanes);
    }
  }
  const Rebalance::Phase phase = this->phase();
  if (phase == Rebalance::Phase::none) return begin_assignment();
  if (changes && phase != Rebalance::Phase::releasing) release(false);
}

// An eager group takes everything before it decides anything, and it decides when its last member
// has answered or was given up. Until then our lanes stay ours, unless somebody takes them in the
// database. Lanes that are lost have other owners.
void ConsumerGroup::on_revoked_eagerly(bool lost) {
  if (!lost) commit_reports(/*now=*/true);
  settled_ = false;
  member_.acknowledge_revocation();
  if (lost) let_go(lanes(), true);
}

void ConsumerGroup::on_revoked(std::span<const TopicPartition> lanes, bool lost) {
  settled_ = false;
  awaits_release_ = true;
  let_go(lanes, lost);
}

void ConsumerGroup::let_go(std::span<const TopicPartition> lanes, bool lost) {
  {
    const std::lock_guard lock{mutex_};
    rebalance_.remove(lanes);
  }
  const Rebalance::Phase phase = this->phase();
  if (phase == Rebalance::Phase::none) return end_assignment();
  if (phase != Rebalance::Phase::releasing) release(lost);
}

void ConsumerGroup::begin_assignment() {
  for (const TopicPartition& lane : lanes()) fetcher_->own(lane);
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

void ConsumerGroup::fetch_when_all_started() {
  const std::lock_guard lock{mutex_};
  if (rebalance_.phase() != Rebalance::Phase::starting || !rebalance_.all_started()) return;
  const rd_kafka_resp_err_t error = fetcher_->fetch(rebalance_.offsets());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    tell(make_failure(error, "cannot fetch the lanes of group=" + settings_.group));
  }
  rebalance_.fetching();
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

void ConsumerGroup::end_assignment_when_all_released() {
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
  end_assignment();
}

// Lanes that the group has left us are taken again at once.
void ConsumerGroup::end_assignment() {
  static_cast<void>(fetcher_->fetch({}));
  bool some_stay = false;
  {
    const std::lock_guard lock{mutex_};
    rebalance_.end();
    some_stay = !rebalance_.lanes().empty();
  }
  if (std::exchange(awaits_release_, false)) {
    commit_reports(/*now=*/true);
    member_.acknowledge_revocation();
  }
  if (closing_) return;
  forget_reports_of_others();
  if (some_stay) begin_assignment();
}

void ConsumerGroup::on_error(rd_kafka_event_t& event) {
  tell(make_failure(rd_kafka_event_error(&event),
                    "group=" + settings_.group + " [" + rd_kafka_event_error_string(&event) + "]"));
}

// librdkafka does nothing more after a fatal error; that a static member was fenced is the one that
// a consumer knows.
void ConsumerGroup::end_for_good() {
  std::string text;
  const rd_kafka_resp_err_t cause = member_.fatal_error(text);
  let_go(lanes(), true);
  const std::string advice =
      cause == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID
          ? "another process has joined with consumer.instance_id=" + settings_.instance_id +
                "; give each process an id of its own, such as its pod's name"
          : "restart the consumer";
  const Failure failure =
      make_failure(Remedy::give_up,
                   cause,
                   "group=" + settings_.group + " cannot go on: " + advice + " [" + text + "]");
  tell(failure);
  if (settings_.on_fatal) settings_.on_fatal(failure);
}

void ConsumerGroup::on_statistics(rd_kafka_event_t& event) {
  const std::string_view json = rd_kafka_event_stats(&event);
  reachable_ = json.find(R"("state":"UP")") != std::string_view::npos;
}

void ConsumerGroup::commit_reports(bool now) {
  const SteadyTime time = steady_clock::now();
  if (!now && (time < next_report_ || !settled_)) return;
  next_report_ = time + settings_.report_interval;
  std::map<TopicPartition, std::int64_t> reports;
  {
    const std::lock_guard lock{mutex_};
    reports.swap(reports_);
  }
  if (!reports.empty()) member_.commit(reports);
}

void ConsumerGroup::forget_reports_of_others() {
  const std::lock_guard lock{mutex_};
  std::erase_if(reports_,
                [this](const auto& report) { return !rebalance_.lanes().contains(report.first); });
}

void ConsumerGroup::started(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) {
  const std::lock_guard lock{mutex_};
  const bool already_fetching = rebalance_.phase() == Rebalance::Phase::fetching;
  if (!rebalance_.started(assignment, lanes)) return;
  if (!already_fetching) {
    member_.wake();
    return;
  }
  // Taken again after a recovery: fetch from there, dropping what was prefetched.
  std::map<TopicPartition, std::int64_t> again;
  for (const engine::LaneStart& start : lanes) again[start.lane] = start.next_offset;
  fetcher_->seek(again);
}

void ConsumerGroup::released(std::uint64_t assignment) {
  const std::lock_guard lock{mutex_};
  rebalance_.released(assignment);
  member_.wake();
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
  const std::lock_guard lock{mutex_};
  if (!rebalance_.lanes().contains(lane)) {
    throw make_failure(Remedy::rerun_now,
                       RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST,
                       "topic=" + lane.topic + " partition=" + std::to_string(lane.partition) +
                           " is not assigned to group=" + settings_.group + " here any more");
  }
  return std::make_unique<PartitionSource>(fetcher_, lane, *owners_[rebalance_.owner_of(lane)]);
}

std::vector<TopicPartition> ConsumerGroup::lanes() const {
  const std::lock_guard lock{mutex_};
  return {rebalance_.lanes().begin(), rebalance_.lanes().end()};
}

std::uint64_t ConsumerGroup::number() const {
  const std::lock_guard lock{mutex_};
  return rebalance_.number();
}

Rebalance::Phase ConsumerGroup::phase() const {
  const std::lock_guard lock{mutex_};
  return rebalance_.phase();
}

void ConsumerGroup::tell(const Failure& failure) const {
  if (settings_.on_failure) settings_.on_failure(failure);
}

}  // namespace pawl::kafka
