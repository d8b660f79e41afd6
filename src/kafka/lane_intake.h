// The Kafka side of a consumer group: one librdkafka consumer, one poll thread, lanes for 1…n
// engines.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/engine/ports.h"
#include "pawl/kafka/settings.h"

namespace pawl::kafka {

class ConsumerGroup;

struct LaneIntakeSettings {
  KafkaSettings kafka;
  std::string group;                // the consumer's name
  std::vector<std::string> topics;  // must exist at start
  std::size_t memory_bytes = std::size_t{64}
                             << 20U;              // prefetched records of all partitions, roughly
  std::chrono::milliseconds release_max{10'000};  // how long a rebalance waits for released()
  std::chrono::milliseconds answer_max{
      5'000};  // how long start() and resolve() wait for the broker
  std::chrono::milliseconds report_interval{1'000};  // between two commits of the group's offsets
  /// Group-wide trouble, for log and metrics: broker away, not authorised, topic deleted, fenced
  /// static member. Called from the poll thread; must not wait. give_up means that nothing will
  /// arrive any more until somebody changes something.
  std::function<void(const Failure&)> on_failure;
};

/// Owned by main; constructed before the engines (they need an Intake), started after them, stopped
/// before them. All records and sources must be gone before it is destroyed.
///
/// Rebalances never block the poll thread: it acknowledges an assignment at once with no
/// partitions, tells the owners, and assigns the partitions when all owners have answered; so a
/// slow takeover does not hold up the group. When partitions are taken away, it waits up to
/// `release_max`, polling on.
class LaneIntake final : public engine::Intake {
 public:
  explicit LaneIntake(LaneIntakeSettings settings);
  ~LaneIntake() override;
  LaneIntake(const LaneIntake&) = delete;
  LaneIntake& operator=(const LaneIntake&) = delete;

  /// Joins the group. A lane belongs to owners[partition % owners.size()]. Returns when the poll
  /// thread runs; the first assignment comes later. Throws Failure(give_up) when a topic does not
  /// exist, Failure(reconnect_and_rerun) when no broker answers; may be called again then. A second
  /// call does nothing, nor does one after stop().
  void start(std::span<engine::LaneOwner* const> owners);
  /// Revokes all lanes (owners are told and waited for), leaves the group. May be called twice,
  /// from any thread but the poll thread. Waits at most about release_max + a few seconds.
  void stop();

  void start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) override;
  std::unique_ptr<engine::LaneSource> source(const TopicPartition& lane) override;
  void released(std::uint64_t assignment) override;
  std::int32_t partitions(const std::string& topic) override;
  std::int64_t resolve(const TopicPartition& lane, engine::StartFrom from) override;
  void report(std::span<const engine::LaneStart> next) override;

  /// Whether a connection to some broker is up, at most about 1 s old. Thread-safe, cheap.
  [[nodiscard]] bool reachable() const noexcept;
  /// When the poll thread last turned; for the liveness probe. Thread-safe, cheap.
  [[nodiscard]] SteadyTime heartbeat() const noexcept;
  /// The lane's end as the last fetch answer told it, for the lag; -1 = not known yet. Thread-safe,
  /// local.
  [[nodiscard]] std::int64_t end_offset(const TopicPartition& lane) const;
  /// Lanes that are assigned to this process now. Thread-safe.
  [[nodiscard]] std::vector<TopicPartition> lanes() const;

 private:
  /// Throws Failure(rerun_now) before start().
  [[nodiscard]] ConsumerGroup& running() const;

  LaneIntakeSettings settings_;
  std::unique_ptr<ConsumerGroup> group_;          // start() and stop() only
  std::atomic<ConsumerGroup*> running_{nullptr};  // the same, for everybody; set once
  bool stopped_ = false;
};

}  // namespace pawl::kafka
