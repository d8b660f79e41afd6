// The poll thread of a LaneIntake and all that exists while it runs. Inside src/kafka only.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/partition_source.h"
#include "pawl/kafka/rebalance.h"

namespace pawl::kafka {

/// Made by LaneIntake::start(), joined by close(). The poll thread alone talks to the owners and
/// assigns; other threads only leave their answers under the mutex and wake it.
class ConsumerGroup {
 public:
  /// Makes the client and subscribes; nothing is told to the owners before run(). `lanes` is how
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

  [[nodiscard]] rd_kafka_t* client() const noexcept { return shared_->client.get(); }
  [[nodiscard]] bool reachable() const noexcept { return reachable_.load(); }
  [[nodiscard]] SteadyTime heartbeat() const noexcept { return heartbeat_.load(); }
  [[nodiscard]] std::vector<TopicPartition> lanes() const;
  /// Of the newest assignment.
  [[nodiscard]] std::uint64_t number() const;

 private:
  void poll();
  [[nodiscard]] bool finished() const;
  void dispatch(rd_kafka_event_t& event);
  void on_rebalance(rd_kafka_event_t& event);
  void on_assigned(const rd_kafka_topic_partition_list_t& partitions);
  void on_revoked(std::span<const TopicPartition> lanes, bool lost);
  void begin_assignment();
  void release(bool lost);
  void on_error(rd_kafka_event_t& event);
  void on_statistics(rd_kafka_event_t& event);
  void assign_when_all_started();
  void unassign_when_all_released();
  void unassign();
  void end_client();
  void assign_in_client(const std::map<TopicPartition, std::int64_t>& offsets);
  void unassign_in_client();
  void commit_reports();
  void begin_close();
  void wake_poll_thread();
  void tell(const Failure& failure) const;

  const LaneIntakeSettings& settings_;
  std::vector<engine::LaneOwner*> owners_;
  std::shared_ptr<GroupClient> shared_;
  QueueHandle queue_;        // group events, errors, statistics; never records
  QueueHandle close_queue_;  // takes queue_'s place while closing

  mutable std::mutex mutex_;
  Rebalance rebalance_;
  std::map<TopicPartition, std::int64_t> reports_;  // waiting to be committed

  // Poll thread only.
  std::map<TopicPartition, std::int64_t> fetched_;  // what librdkafka has been told to fetch
  SteadyTime release_deadline_{};
  SteadyTime close_deadline_{};
  SteadyTime next_report_{};
  bool closing_ = false;

  std::atomic<bool> close_asked_ = false;
  std::atomic<bool> abandoned_ = false;
  std::atomic<bool> reachable_ = false;
  std::atomic<SteadyTime> heartbeat_;
  std::thread thread_;
};

}  // namespace pawl::kafka
