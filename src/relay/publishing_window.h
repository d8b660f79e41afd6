// Rows between "read from the outbox" and "acknowledged by the broker", in publishing order. Pure
// bookkeeping, used by the relay's thread; bounded by whoever adds.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "pawl/core/clock.h"
#include "pawl/outbox/fetch.h"

namespace pawl::relay {

/// A row's number in publishing order; never used twice by one window.
using Tag = std::uint64_t;

/// What keeps order: rows with equal values are published one after the other. A hash of topic and
/// key; that two keys may share it only makes one wait for the other.
using KeyHash = std::uint64_t;

/// How long to wait before publishing again what failed.
struct Backoff {
  std::chrono::milliseconds min{100};
  std::chrono::milliseconds max{10'000};
  /// min · 2^attempts, at most max. `attempts` counts from 0.
  [[nodiscard]] std::chrono::milliseconds after(int attempts) const noexcept;
};

/// Keeps these promises: a key's rows are queued in order; after a failed one no later row of its
/// key counts as published before it does; rows leave from the front only, so what has left is
/// everything up to a point.
///
/// A row that cannot be published holds its key: it alone is tried again, with growing pauses, and
/// its key's later rows follow when it is through; other keys go on until the window is full. One
/// that was refused for good sets its key aside: its rows wait for being kept elsewhere and leave
/// then. A broker that is away holds everything: when nothing is queued any more and a pause is
/// over, all goes on from the first unacknowledged row.
class PublishingWindow {
 public:
  /// `first`: the tag of the first row; above every tag whose answer may still come from before.
  explicit PublishingWindow(const Backoff& backoff, Tag first = 1)
      : backoff_(backoff), base_(first), cursor_(first) {}

  /// Appends a row; the returned tags count up by one.
  Tag add(outbox::RowNumber number, KeyHash key);

  /// The next row to hand to the publisher now, or nothing. Stays the same until queued().
  [[nodiscard]] std::optional<Tag> next(SteadyTime now);
  /// The publisher took it.
  void queued(Tag tag);
  /// It failed before, and not because the broker was away.
  [[nodiscard]] bool is_repeated(Tag tag) const {
    return !holds_.empty() && holds_.contains(key(tag));
  }

  // The broker's answers. Unknown tags (of an earlier window) are ignored. After a group of
  // answers: settle().
  void acknowledged(Tag tag);
  void failed(Tag tag);       // this row was not taken; it is tried again
  void refused(Tag tag);      // this row cannot be published: its key is set aside
  void broker_away(Tag tag);  // nothing can
  void settle(SteadyTime now);

  /// The key's rows are not published until resume(). Before any of them is added.
  void set_aside(KeyHash key) { holds_[key].aside = true; }
  /// Rows of keys that were set aside, in order.
  [[nodiscard]] const std::set<Tag>& aside() const noexcept { return aside_; }
  /// No row of its key is with the publisher any more: this one, of aside(), may be kept elsewhere.
  [[nodiscard]] bool is_settled(Tag tag) const { return holds_.at(key(tag)).outstanding == 0; }
  /// A row of aside() is kept elsewhere, and all before it on its key are: it counts as handled.
  void kept(Tag tag);
  /// A key that was set aside goes on; nothing of it is kept elsewhere any more.
  void resume(KeyHash key);

  struct Released {
    outbox::RowNumber number;
    bool published;  // false: kept elsewhere
  };
  /// The oldest row, if it is acknowledged or kept elsewhere: it leaves.
  std::optional<Released> release();

  /// Of a row in the window.
  [[nodiscard]] outbox::RowNumber number(Tag tag) const { return rows_[tag - base_].number; }
  [[nodiscard]] KeyHash key(Tag tag) const { return rows_[tag - base_].key; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
  [[nodiscard]] std::size_t held_keys() const noexcept { return holds_.size(); }
  /// Nothing is published because the broker is away.
  [[nodiscard]] bool paused() const noexcept { return paused_until_.has_value(); }
  /// Tags of the window are [front(), end()).
  [[nodiscard]] Tag front() const noexcept { return base_; }
  [[nodiscard]] Tag end() const noexcept { return base_ + rows_.size(); }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  /// When next() may have an answer without further rows or answers; empty: never.
  [[nodiscard]] std::optional<SteadyTime> due() const;

 private:
  enum class State : std::uint8_t {
    waiting,    // to be queued, at first or again
    in_flight,  // queued, its answer counts
    overtaken,  // queued, but an earlier row of its key failed: to be queued again after its answer
    acknowledged,
    kept,  // elsewhere
  };
  enum class Fault : std::uint8_t { away, failed, refused };
  struct Row {
    outbox::RowNumber number;
    KeyHash key;
    State state;
  };
  /// A key whose first unacknowledged row could not be published.
  struct Hold {
    Tag first = 0;
    int attempts = 0;  // failed ones, minus one
    SteadyTime due{};
    std::size_t outstanding =
        0;                // rows of the key queued before it was held: all must be answered first
    bool trying = false;  // `first` is queued again
    bool aside = false;   // until resume() nothing of it is
  };
  /// What happened to a key since the last settle().
  struct Trouble {
    Tag first;    // its first failed row
    Fault fault;  // the worst
    std::size_t outstanding = 0;
  };
  using Holds = std::unordered_map<KeyHash, Hold>;

  Row* find(Tag tag);
  void fail(Tag tag, Fault fault);
  /// An answer came for a row that was in flight or overtaken: what remains of it besides its
  /// state.
  void answered(Tag tag, const Row& row);
  void overtake_later_rows();
  void hold(KeyHash key, const Trouble& trouble, SteadyTime now);
  void collect_aside(KeyHash key);
  void schedule(KeyHash key, const Hold& hold);
  void pause(SteadyTime now);

  Backoff backoff_;
  std::deque<Row> rows_;
  Tag base_;    // tag of rows_.front()
  Tag cursor_;  // no row before it waits, except those of held keys and during a pause
  std::size_t in_flight_ = 0;  // rows in flight or overtaken
  Holds holds_;
  std::multimap<SteadyTime, KeyHash> tries_;  // holds with nothing outstanding, by due time
  std::set<Tag> aside_;                       // waiting rows of keys that were set aside
  std::unordered_map<KeyHash, Trouble> troubles_;
  bool away_ = false;
  int pauses_ = 0;  // since the last acknowledgement
  std::optional<SteadyTime> paused_until_;
};

}  // namespace pawl::relay
