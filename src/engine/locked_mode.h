// Whether rows are trusted in memory or locked as they are loaded. Memory is fast while this
// process is the only writer of its rows; where others write them too, batch after batch would be
// decided on old states and redone (DESIGN §4, States). Pure: no clock of its own. One engine's
// thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "pawl/core/clock.h"
#include "pawl/engine/settings.h"

namespace pawl::engine {

/// Adaptive sharing switches to locks after a few conflicts in a short time and back after a while.
/// Who has just come back and meets a conflict again stays twice as long.
class LockedMode {
 public:
  static constexpr int kConflictsMax = 3;  // within kConflictWindow, before rows are locked
  static constexpr std::chrono::seconds kConflictWindow{10};
  static constexpr std::chrono::seconds kStayMin{10};
  static constexpr std::chrono::seconds kStayMax{300};

  explicit LockedMode(StateSharing sharing) : sharing_(sharing) {}

  /// Rows are locked as they are loaded, and nothing is remembered from one batch to the next.
  [[nodiscard]] bool on() const { return sharing_ == StateSharing::shared || until_.has_value(); }

  /// Somebody else had changed or locked a row. Returns whether rows are locked from now on.
  bool note_conflict(SteadyTime now) {
    if (sharing_ != StateSharing::adaptive || until_) return false;
    if (now - first_conflict_ > kConflictWindow) conflicts_ = 0;
    if (++conflicts_ == 1) first_conflict_ = now;
    const bool relapse = came_back_ && now - *came_back_ < stay_;
    if (!relapse && conflicts_ < kConflictsMax) return false;
    stay_ = relapse ? std::min<std::chrono::seconds>(2 * stay_, kStayMax) : kStayMin;
    until_ = now + stay_;
    return true;
  }

  /// Returns whether the time of locks is over: memory is trusted again.
  bool end_if_over(SteadyTime now) {
    if (!until_ || now < *until_) return false;
    until_.reset();
    came_back_ = now;
    conflicts_ = 0;
    return true;
  }

  /// For the log: how long rows are locked this time.
  [[nodiscard]] std::chrono::seconds stay() const { return stay_; }

 private:
  StateSharing sharing_;
  int conflicts_ = 0;
  SteadyTime first_conflict_{};
  std::chrono::seconds stay_ = kStayMin;
  std::optional<SteadyTime> until_;
  std::optional<SteadyTime> came_back_;
};

}  // namespace pawl::engine
