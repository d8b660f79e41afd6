// The poll thread of a LaneIntake and all that exists while it runs. Inside src/kafka only.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "pawl/kafka/fetcher.h"
#include "pawl/kafka/group_member.h"
#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/rebalance.h"

namespace pawl::kafka {

/// Made by LaneIntake::start(), joined by close(). The poll thread alone talks to the owners and
/// assigns; other threads only leave their answers under the mutex and wake it.
///
/// Two clients: a GroupMember is told which lanes are ours, a Fetcher fetches those that the owners
/// have taken. While an eager group rebalances these differ.
class ConsumerGroup {
 public:
  /// Makes the clients and subscribes; nothing is told to the owners before run(). `lanes` is how
  /// many partitions the topics have together, `last_number` the number of the last assignment that
  /// the owners have seen.
  ConsumerGroup(const LaneIntakeSettings& settings,
                std::span<engine::LaneOwner* const> owners,
                std::size_t lanes,
                std::uint64_t last_number);
  ~ConsumerGroup();
  ConsumerGroup(const ConsumerGroup&) = delete;
  ConsumerGroup& operator=(const ConsumerGroup&) = delete;

  /// Starts the poll thread. Once, when the owners' answers find their way here.
  void run();
  /// Gives all lanes back, leaves the group, joins the thread.
  void close();
  /// From now on nobody waits for the owners' released(). Any thread.
  void abandon_owners() { abandoned_ = true; }

  void started(std::uint64_t assignment, std::span<const engine::LaneStart> lanes);
  void released(std::uint64_t assignment);
  void report(std::span<const engine::LaneStart> next);
  std::unique_ptr<engine::LaneSource> source(const TopicPartition& lane);

  /// The one that fetches.
  [[nodiscard]] rd_kafka_t* client() const noexcept { return fetcher_->client(); }
  [[nodiscard]] bool reachable() const noexcept { return reachable_.load(); }
  [[nodiscard]] SteadyTime heartbeat() const noexcept { return heartbeat_.load(); }
  /// False while the group rebalances.
  [[nodiscard]] bool is_settled() const noexcept { return settled_.load(); }
  [[nodiscard]] std::vector<TopicPartition> lanes() const;
  /// Of the newest assignment.
  [[nodiscard]] std::uint64_t number() const;

 private:
  void poll();
  [[nodiscard]] bool finished() const;
  void dispatch(rd_kafka_event_t& event);
  void dispatch_fetchers(rd_kafka_event_t& event);
  void on_rebalance(rd_kafka_event_t& event);
  void on_assigned(std::span<const TopicPartition> lanes);
  void on_revoked_eagerly(bool lost);
  void on_revoked(std::span<const TopicPartition> lanes, bool lost);
  void let_go(std::span<const TopicPartition> lanes, bool lost);
  void on_error(rd_kafka_event_t& event);
  void on_statistics(rd_kafka_event_t& event);
  void begin_assignment();
  void fetch_when_all_started();
  void release(bool lost);
  void end_assignment_when_all_released();
  void end_assignment();
  void end_for_good();
  void commit_reports(bool now = false);
  void forget_reports_of_others();
  void close_when_all_released();
  void tell(const Failure& failure) const;
  [[nodiscard]] Rebalance::Phase phase() const;

  const LaneIntakeSettings& settings_;
  std::vector<engine::LaneOwner*> owners_;
  std::shared_ptr<Fetcher> fetcher_;
  GroupMember member_;

  mutable std::mutex mutex_;
  Rebalance rebalance_;
  std::map<TopicPartition, std::int64_t> reports_;  // waiting to be committed

  // Poll thread only.
  SteadyTime release_deadline_{};
  SteadyTime close_deadline_{};
  SteadyTime next_report_{};
  bool closing_ = false;         // nothing is taken any more
  bool leaving_ = false;         // nothing is left to release
  bool awaits_release_ = false;  // the group does, before it goes on

  std::atomic<bool> close_asked_ = false;
  std::atomic<bool> abandoned_ = false;
  std::atomic<bool> reachable_ = false;
  std::atomic<bool> settled_ = false;
  std::atomic<SteadyTime> heartbeat_;
  std::thread thread_;
};

}  // namespace pawl::kafka
