// One try of held events: some rows from pawl.relay_held_event, on their way to the broker and its
// answers. Pure bookkeeping, used by the relay's thread.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "pawl/core/failure.h"
#include "pawl/core/outbox_rows.h"
#include "pawl/outbox/held.h"
#include "pawl/relay/publishing_window.h"
#include "pawl/relay/window_rows.h"

namespace pawl::relay {

/// Per key, rows are offered in order and none after one that failed. What was published behind a
/// failed one does not count: it stays held and is published again after it.
class HeldRound {
 public:
  /// `first`: above every tag whose answer may still come from before.
  explicit HeldRound(Tag first) : base_(first) {}

  /// Takes one more row, `attempts` of which have failed. Before any is offered.
  void add(outbox::RowNumber number, int attempts, const OutboxRow& row);
  /// Has no rows.
  [[nodiscard]] bool idle() const noexcept { return entries_.empty(); }

  /// The next row to hand to the publisher, or nothing. Stays the same until queued().
  [[nodiscard]] std::optional<Tag> next();
  void queued(Tag tag);
  [[nodiscard]] const OutboxRow& row(Tag tag) const { return rows_[tag - base_]; }
  /// It failed before: only an answer about itself is of use.
  [[nodiscard]] bool is_repeated(Tag tag) const { return entries_[tag - base_].attempts > 0; }

  /// The answer for a row with the publisher. The broker being away ends the round for all that was
  /// not queued.
  void answered(Tag tag, const std::optional<Failure>& failure);
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
  /// Nothing more is offered.
  void cut_short() noexcept { cut_short_ = true; }
  /// Everything that was offered has its answer, and nothing more will be offered.
  [[nodiscard]] bool is_answered();

  /// What is to be stored: what came through before the first failure of its key, and that failure,
  /// unless the broker was away. Those that failed beside others are due at once, alone.
  [[nodiscard]] outbox::HeldOutcome outcome(const Backoff& backoff) const;
  /// A key of this round, and whether all its rows came through.
  struct Progress {
    KeyHash key;
    bool through;
  };
  [[nodiscard]] std::vector<Progress> progress() const;
  /// Stored, or given up: idle again.
  void end();

  /// Tags so far are below this.
  [[nodiscard]] Tag end_tag() const noexcept { return base_ + entries_.size(); }

 private:
  struct Entry {
    outbox::RowNumber number;
    KeyHash key;
    int attempts;
    bool answered = false;
    std::optional<Failure> failure{};
  };

  Tag base_;
  std::size_t cursor_ = 0;  // entries before it were offered or are not to be
  std::size_t in_flight_ = 0;
  bool cut_short_ = false;
  OutboxRows rows_;
  std::vector<Entry> entries_;
  std::unordered_map<KeyHash, std::size_t> stopped_;  // keys and their first failed entries
};

}  // namespace pawl::relay
