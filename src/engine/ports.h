// What the engine needs of Kafka, as narrow as it needs it. Implemented by kafka::LaneIntake and by
// a fake in tests.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/failure.h"
#include "pawl/core/record.h"

namespace pawl::engine {

/// Where a consumer begins on a topic that it has never read.
enum class StartFrom { earliest, latest };

struct LaneStart {
  TopicPartition lane;
  std::int64_t next_offset;
};

/// One assigned partition's fetched records. Used by one engine's thread.
class LaneSource {
 public:
  virtual ~LaneSource() = default;

  /// Appends waiting records, oldest first, until `records_max` or `bytes_max` is reached (one
  /// record may exceed the bytes). Never waits. Throws Failure(give_up) when the partition cannot
  /// be read on without a person (offset out of range, topic gone): the message says what to do.
  virtual void take(std::vector<Record>& into, std::size_t records_max, std::size_t bytes_max) = 0;
};

/// The Kafka side of a consumer group. Thread-safe. Assignments are numbered; an answer to an old
/// number is ignored.
class Intake {
 public:
  virtual ~Intake() = default;

  /// This engine took over its lanes of `assignment`; fetch them from these offsets. Fetching
  /// begins when all engines of the process have answered.
  virtual void start(std::uint64_t assignment, std::span<const LaneStart> lanes) = 0;

  /// A lane's records. `wake` of the engine is called when records arrive at an empty lane: so read
  /// once at the beginning, and until fewer came than asked for before waiting. Valid until
  /// released().
  virtual std::unique_ptr<LaneSource> source(const TopicPartition& lane) = 0;

  /// This engine has let go of its lanes of `assignment` (all batches ended or abandoned, all
  /// sources destroyed). Exactly once for each revoked().
  virtual void released(std::uint64_t assignment) = 0;

  /// False while the group is deciding anew whose lanes are whose: ours stay with us until then,
  /// but what another process takes is not to be taken back.
  [[nodiscard]] virtual bool is_settled() const = 0;

  /// How many partitions a topic has. Asks the broker, waits a few seconds at most; throws
  /// Failure(reconnect_and_rerun) when it does not answer.
  virtual std::int32_t partitions(const std::string& topic) = 0;

  /// The offset at which a lane that was never read begins. Asks the broker, waits a few seconds at
  /// most; throws Failure(reconnect_and_rerun) when it does not answer.
  virtual std::int64_t resolve(const TopicPartition& lane, StartFrom from) = 0;

  /// Tells Kafka's group offsets, for lag tools only: nothing depends on it, failures are dropped.
  /// Never waits.
  virtual void report(std::span<const LaneStart> next) = 0;
};

/// What the intake calls, from its poll thread. Never waits. Implemented by the engine's mailbox.
class LaneOwner {
 public:
  virtual ~LaneOwner() = default;
  /// Take these lanes over, then Intake::start(). An empty list is still to be answered.
  virtual void assigned(std::uint64_t assignment, std::vector<TopicPartition> lanes) = 0;
  /// Let go of all lanes, then Intake::released(). `lost`: Kafka already gave them to somebody
  /// else.
  virtual void revoked(std::uint64_t assignment, bool lost) = 0;
  /// Records arrived; may be called from any thread, under locks of the Kafka library: it must not
  /// call back into it.
  virtual void wake() = 0;
};

}  // namespace pawl::engine
