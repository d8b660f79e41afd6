// The Kafka side of a consumer group: one librdkafka consumer, one poll thread, lanes for 1…n
// engines.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/engine/ports.h"
#include "pawl/kafka/settings.h"

namespace pawl::kafka {

class ConsumerGroup;

/// The first librdkafka (as rd_kafka_version() says it) whose cooperative assignor we trust. Before
/// it: an endless loop in the assignor (2.6.1), a hang when a consumer closes (2.4.0), a crash when
/// it closes early (2.3.0), wrong owners (2.2.0), and, what concerns us most since we report
/// offsets at any time, an assignment lost to a commit during a rebalance (2.10.0).
inline constexpr int kCooperativeSince = 0x020a00ff;

struct LaneIntakeSettings {
  KafkaSettings kafka;
  std::string group;                          // the consumer's name
  std::string instance_id{};                  // static member of the group; empty: an ordinary one
  bool cooperative = false;                   // lanes come and go one by one; see cooperative_since
  int cooperative_since = kCooperativeSince;  // librdkafka's version; for tests
  std::vector<std::string> topics;            // must exist at start
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
  /// Kafka's client has ended for good, such as a fenced static member's. As on_failure, after it.
  std::function<void(const Failure&)> on_fatal{};
};

/// Owned by main; constructed before the engines (they need an Intake), started after them, stopped
/// before them. All records and sources must be gone before it is destroyed.
///
/// Rebalances never block the poll thread: it acknowledges an assignment at once, tells the owners,
/// and has the partitions fetched when all owners have answered; so a slow takeover does not hold
/// up the group. An eager group's revocation is acknowledged at once, too, and the lanes are worked
/// on until it has decided; from then on the owners have up to `release_max` to let go.
class LaneIntake final : public engine::Intake {
 public:
  explicit LaneIntake(LaneIntakeSettings settings);
  ~LaneIntake() override;
  LaneIntake(const LaneIntake&) = delete;
  LaneIntake& operator=(const LaneIntake&) = delete;

  /// Throws Failure(give_up) when this librdkafka cannot do what the settings ask for. Local.
  void check_library() const;
  /// Joins the group. A lane belongs to owners[partition % owners.size()]. Returns when the poll
  /// thread runs; the first assignment comes later. Throws Failure(give_up) when a topic does not
  /// exist, Failure(reconnect_and_rerun) when no broker answers; may be called again then. A second
  /// call does nothing, nor does one after stop().
  void start(std::span<engine::LaneOwner* const> owners);
  /// Leaves the group and joins it with a new client: against whatever is stuck in the old one. As
  /// stop() and start(); nothing unless it runs. From any thread but the poll thread.
  void recreate();
  /// Leaves the group without waiting for the owners: one of them hangs. Fencing keeps this safe.
  /// stop() is over soon after it. From any thread but the poll thread.
  void abandon();
  /// Revokes all lanes (owners are told and waited for), leaves the group. May be called twice,
  /// from any thread but the poll thread. Waits at most about release_max + a few seconds.
  void stop();

  void start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) override;
  std::unique_ptr<engine::LaneSource> source(const TopicPartition& lane) override;
  void released(std::uint64_t assignment) override;
  [[nodiscard]] bool is_settled() const override;
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
  /// Answers of the owners must find the group that asked, so it is known before it runs.
  void begin(std::shared_ptr<ConsumerGroup> group);
  /// Null before start(). Whoever uses it keeps it over a recreate().
  [[nodiscard]] std::shared_ptr<ConsumerGroup> group() const;
  /// Throws Failure(rerun_now) before start().
  [[nodiscard]] std::shared_ptr<ConsumerGroup> running() const;

  LaneIntakeSettings settings_;
  std::mutex coming_and_going_;  // start(), recreate(), stop()
  std::vector<engine::LaneOwner*> owners_;
  bool stopped_ = false;
  mutable std::mutex mutex_;  // of group_ alone
  std::shared_ptr<ConsumerGroup> group_;
};

}  // namespace pawl::kafka
