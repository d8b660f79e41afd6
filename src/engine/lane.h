// One assigned partition inside an engine: strictly serial. Records come from Kafka, or come back
// from a batch that did not end them; those go first. Owned and used by one engine's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pawl/core/record.h"
#include "pawl/engine/held_keys.h"
#include "pawl/engine/ports.h"
#include "pawl/engine/suspicion.h"

namespace pawl::engine {

/// What is being caught, whatever it is: handlers may throw anything.
[[nodiscard]] FailureNote caught(std::string code);

/// A record that waits in its lane.
struct Pending {
  Record record;
  int attempts = 0;              // failed ones
  SteadyTime first_failed_at{};  // if there are any
  int crashes = 0;               // processes that ended while it was in their hands
  bool alone = false;  // its statement failed, or a process: it runs in a batch of its own
  std::unique_ptr<FailureNote>
      failed{};  // the database refused its batch, or crashes: to be noted, not to be handled
  std::unique_ptr<ParkedPlace> parked{};  // it does not come from the topic, but from there
};

/// So many processes ended while it was in their hands: it runs alone; after too many it is not run
/// any more, but given up.
void note_crashes(Pending& pending, int crashes, SteadyTime now);

class Lane {
 public:
  Lane(TopicPartition id,
       std::int64_t next_offset,
       std::int64_t commits,
       std::unique_ptr<LaneSource> source)
      : id_(std::move(id)), source_(std::move(source)) {
    restart(next_offset, commits);
  }

  [[nodiscard]] const TopicPartition& id() const { return id_; }

  struct Room {
    std::size_t records;
    std::size_t bytes;  // one record may exceed it
    bool for_lone;      // whether a command that must run alone may be taken
  };
  /// Appends what waits, oldest first, as much as there is room for. Nothing while the lane waits
  /// for a retry. A command that must run alone comes alone.
  void take(std::vector<Pending>& into, Room room, SteadyTime now);

  /// Makes sure that one record is visible to oldest(), while none may be taken.
  void peek(SteadyTime now);

  /// Gives a record back to its place in topic order, in any order of calls; or to where it is
  /// parked.
  void give_back(Pending pending);
  /// The same at the end of a batch that is not decided yet: nothing of the key waits for it there.
  void give_last_back(Pending pending);

  /// An earlier record of this lane was given back: what lies behind it must not overtake it.
  [[nodiscard]] bool waits_before(std::int64_t offset) const {
    return !returned_.empty() && returned_.front().record.offset < offset;
  }

  [[nodiscard]] HeldKeys& held() { return held_; }
  [[nodiscard]] const HeldKeys& held() const { return held_; }
  /// Others that changed held keys so often, as the database counts them.
  [[nodiscard]] std::int64_t held_version() const { return held_version_; }
  void set_held_version(std::int64_t version) { held_version_ = version; }

  [[nodiscard]] Suspicion& suspicion() { return suspicion_; }
  [[nodiscard]] const Suspicion& suspicion() const { return suspicion_; }

  /// So many commands are parked that this lane cannot go on before some of them have ended.
  [[nodiscard]] bool full() const { return full_; }
  void set_full(bool full) { full_ = full; }

  /// No record leaves before this time: the first one waits for its next attempt.
  void block_until(SteadyTime time) { blocked_until_ = time; }
  [[nodiscard]] SteadyTime blocked_until() const { return blocked_until_; }

  /// Kafka's timestamp of the record at the front, if one has been seen.
  [[nodiscard]] std::optional<WallTime> oldest() const;
  /// Set when Kafka cannot deliver this partition any more until a person acts; what to do is in
  /// the text.
  [[nodiscard]] const std::optional<std::string>& stopped() const { return stopped_; }
  /// True once, for the log.
  bool has_just_stopped() { return stopped_ && !std::exchange(stop_is_told_, true); }

  /// The position as the database will have it once all batches in flight are committed.
  [[nodiscard]] std::int64_t next_offset() const { return next_offset_; }
  [[nodiscard]] std::int64_t commits() const { return commits_; }
  /// One more batch in flight moves this lane.
  void advance(std::int64_t next_offset) {
    next_offset_ = next_offset;
    ++commits_;
  }
  /// The oldest batch that moves this lane is committed.
  void settle(std::int64_t next_offset) {
    settled_offset_ = next_offset;
    ++settled_commits_;
  }
  /// The committed position.
  [[nodiscard]] std::int64_t settled_offset() const { return settled_offset_; }
  /// Nothing is in flight any more: the position is what was settled.
  void rewind() {
    next_offset_ = settled_offset_;
    commits_ = settled_commits_;
  }
  /// The position as it was just read. Drops returned records below it: their batch was committed
  /// after all.
  void restart(std::int64_t next_offset, std::int64_t commits);

  /// Another process took this lane although Kafka still assigns it to us; not to be read until
  /// taken again.
  void set_lost(bool lost) { lost_ = lost; }
  [[nodiscard]] bool lost() const { return lost_; }

  /// By an operator: no record leaves, and no parked one is due.
  void set_paused(bool paused) { paused_ = paused; }
  [[nodiscard]] bool paused() const { return paused_; }

 private:
  bool take_returned(std::vector<Pending>& into, Room& room);
  void fetch(std::size_t records_max, std::size_t bytes_max);
  [[nodiscard]] Pending pending(Record record, SteadyTime now) const;

  TopicPartition id_;
  std::unique_ptr<LaneSource> source_;
  std::int64_t next_offset_ = 0;
  std::int64_t commits_ = 0;
  std::int64_t settled_offset_ = 0;
  std::int64_t settled_commits_ = 0;
  std::int64_t take_offset_ = 0;  // the next record from the source is not below this
  bool lost_ = false;
  bool paused_ = false;
  std::deque<Pending> returned_;
  HeldKeys held_;
  Suspicion suspicion_;
  std::int64_t held_version_ = 0;
  bool full_ = false;
  std::vector<Record> fetched_;
  SteadyTime blocked_until_{};
  std::optional<std::string> stopped_;
  bool stop_is_told_ = false;
};

}  // namespace pawl::engine
