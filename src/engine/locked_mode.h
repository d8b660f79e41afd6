// Whether rows are trusted in memory or locked as they are loaded. Memory is fast while this
// process is the only writer of its rows; where others write them too, batch after batch would be
// decided on old states and redone (DESIGN §4, States). Pure: no clock of its own. One engine's
// thread.
#pragma once

#include <chrono>
#include <optional>

#include "pawl/core/clock.h"
#include "pawl/engine/settings.h"

namespace pawl::engine {

/// Adaptive sharing switches to locks after a few conflicts in few batches, and back when nobody
/// else has changed a row for a while. The loads of locked batches tell: they see each row's
/// version.
class LockedMode {
 public:
  static constexpr int kConflictsMax = 3;  // then rows are locked,
  static constexpr int kBatchesMax = 30;   // if no more batches than these were committed meanwhile
  static constexpr std::chrono::seconds kPeace{10};  // without a foreign change, before going back

  explicit LockedMode(StateSharing sharing) : sharing_(sharing) {}

  /// Rows are locked as they are loaded, and none is trusted from one batch to the next.
  [[nodiscard]] bool on() const { return sharing_ == StateSharing::shared || until_.has_value(); }

  /// Somebody else had changed or locked a row. Returns whether rows are locked from now on.
  bool note_conflict(SteadyTime now) {
    note_foreign_change(now);
    if (sharing_ != StateSharing::adaptive || until_) return false;
    if (batches_ > kBatchesMax) conflicts_ = 0;
    if (++conflicts_ == 1) batches_ = 0;
    if (conflicts_ < kConflictsMax) return false;
    until_ = now + kPeace;
    return true;
  }

  /// A batch was committed.
  void note_commit() { ++batches_; }

  /// A locked batch found a row that others had changed since this engine wrote or read it.
  void note_foreign_change(SteadyTime now) {
    if (until_) until_ = now + kPeace;
  }

  /// Returns whether the time of locks has just ended: memory is trusted again.
  bool end_if_over(SteadyTime now) {
    if (!until_ || now < *until_) return false;
    until_.reset();
    conflicts_ = 0;
    return true;
  }

 private:
  StateSharing sharing_;
  int conflicts_ = 0;
  int batches_ = 0;  // since the first of these conflicts
  std::optional<SteadyTime> until_;
};

}  // namespace pawl::engine
