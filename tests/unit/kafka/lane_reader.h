// Stands in for an engine: takes lanes over, reads them, lets go of them, and remembers what it
// saw. The test's thread plays the engine's thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "pawl/engine/ports.h"

namespace pawl::test {

/// Where each lane goes on; shared by readers of one group as pawl.consumer_position is by workers.
class Positions {
 public:
  std::int64_t next(const TopicPartition& lane);
  void set(const TopicPartition& lane, std::int64_t next);

 private:
  std::mutex mutex_;
  std::map<TopicPartition, std::int64_t> next_;
};

class LaneReader final : public engine::LaneOwner {
 public:
  LaneReader(engine::Intake& intake, Positions& positions)
      : intake_(intake), positions_(positions) {}

  void assigned(std::uint64_t assignment, std::vector<TopicPartition> lanes) override;
  void revoked(std::uint64_t assignment, bool lost) override;
  void wake() override;

  /// Turns like an engine until `done` holds; sleeps only until it is woken, so a lost wake is seen
  /// as a time-out. False when the deadline passes. Failures of lanes end up in failures().
  bool read_until(const std::function<bool()>& done,
                  std::chrono::milliseconds deadline = std::chrono::seconds{30});
  /// Answers assignments and revocations, but reads nothing: a lane that is full.
  bool hold_until(const std::function<bool()>& done,
                  std::chrono::milliseconds deadline = std::chrono::seconds{30});
  /// Starts its lanes again from their stored positions, as an engine does after a recovery.
  void take_again();

  [[nodiscard]] std::set<TopicPartition> lanes() const;
  [[nodiscard]] const std::vector<std::int64_t>& seen(const TopicPartition& lane) {
    return seen_[lane];
  }
  [[nodiscard]] std::size_t seen_in_all() const { return seen_in_all_; }
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
  [[nodiscard]] std::size_t wakes();
  [[nodiscard]] std::uint64_t assignments() const { return assignment_; }
  [[nodiscard]] std::vector<Record>& kept() { return kept_; }
  void keep_records() { keep_ = true; }
  /// At most so many records are taken from a lane at once.
  void take_at_most(std::size_t records) { records_max_ = records; }
  /// Reads nothing more of a lane until its lanes are taken anew: as if it had stopped coming.
  void neglect(const TopicPartition& lane) { neglected_.insert(lane); }
  /// Lets revocations wait.
  void release_nothing(bool value) { release_nothing_ = value; }

 private:
  bool turn_until(bool reading,
                  const std::function<bool()>& done,
                  std::chrono::milliseconds deadline);
  void answer_mail();
  /// True when some lane may have more.
  bool read_lanes();

  engine::Intake& intake_;
  Positions& positions_;
  std::map<TopicPartition, std::unique_ptr<engine::LaneSource>> sources_;
  std::map<TopicPartition, std::vector<std::int64_t>> seen_;
  std::size_t seen_in_all_ = 0;
  std::vector<Failure> failures_;
  std::set<TopicPartition> neglected_;
  std::vector<Record> kept_;
  bool keep_ = false;
  bool release_nothing_ = false;
  std::size_t records_max_ = 500;
  std::uint64_t assignment_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool mail_ = false;
  std::size_t wakes_ = 0;
  std::optional<std::pair<std::uint64_t, std::vector<TopicPartition>>> assigned_;
  std::optional<std::uint64_t> revoked_;
};

}  // namespace pawl::test
