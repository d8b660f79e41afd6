// Batch numbers that were passed over because they were not visible yet: commits overlap, so a
// lower number may become visible after a higher one. Pure bookkeeping; owned by Progress, used by
// the relay's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "pawl/outbox/fetch.h"

namespace pawl::relay {

/// A hole ends in one of two ways: its rows appear and are acknowledged, or it is dead: nobody can
/// commit that number any more (the transaction rolled back, or wrote no rows).
///
/// The rule for dead: after noticing the hole a transaction id X is drawn. Whoever holds the number
/// had its own id before it drew the number, so below X. A snapshot that misses the hole and whose
/// pg_snapshot_xmin is ≥ X comes after that transaction's end, whichever it was. pg_snapshot_xmax
/// will not do: it says what the latest *ended* transaction was.
class Holes {
 public:
  /// `bound`: how many may be open; notice() refuses further ones.
  explicit Holes(std::size_t bound) : bound_(bound) {}

  /// From the stored position; may exceed the bound.
  void restore(std::span<const std::int64_t> batches);
  /// A number that a read passed over. False at the bound: nothing was remembered, read no further
  /// for now.
  [[nodiscard]] bool notice(std::int64_t batch);

  /// What the next read asks for, ascending.
  [[nodiscard]] std::vector<outbox::OpenHole> open() const;
  [[nodiscard]] bool any_open() const;
  [[nodiscard]] bool contains(std::int64_t batch) const { return holes_.contains(batch); }
  [[nodiscard]] std::size_t size() const noexcept { return holes_.size(); }

  /// A row of a hole was read; it is owed until released().
  void found(outbox::RowNumber row);
  /// A snapshot with this horizon (pg_snapshot_xmin) showed all there is of every open hole below
  /// `limit`: found ones are read to their end, missed ones whose time is over are dead.
  void seen_below(std::int64_t limit, std::int64_t horizon);

  /// Some hole has no transaction id drawn after it was noticed.
  [[nodiscard]] bool undated() const;
  /// The drawing of an id begins: it will date the holes noticed so far.
  void begin_dating();
  /// The id came.
  void date(std::int64_t transaction_id);
  /// The id will never come (connection lost).
  void abandon_dating();

  /// A found row was acknowledged.
  void released(std::int64_t batch);
  /// Holes not above `position`, ascending: what must be stored beside it.
  [[nodiscard]] std::vector<std::int64_t> unfinished(std::int64_t position) const;

 private:
  enum class Dating { none, drawing, dated };
  struct Hole {
    Dating dating = Dating::none;
    std::int64_t drawn_after = 0;  // X, when dated
    std::int32_t read_to = -1;     // index of the last row read
    std::size_t owed = 0;          // rows read and not acknowledged
    bool read_to_end = false;
  };
  using Map = std::map<std::int64_t, Hole>;

  static bool is_dead(const Hole& hole, std::int64_t horizon);

  std::size_t bound_;
  Map holes_;
};

}  // namespace pawl::relay
