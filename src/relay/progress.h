// How far the relay has read and published: the reading cursor, the holes behind it, and the
// position that may be stored. Pure bookkeeping, used by the relay's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <span>

#include "pawl/outbox/fetch.h"
#include "pawl/relay/holes.h"

namespace pawl::relay {

/// A row of pawl.relay_position: all batch numbers ≤ batch are published or dead, except holes.
struct StoredPosition {
  std::int64_t batch = 0;
  std::vector<std::int64_t> holes;
  bool operator==(const StoredPosition&) const = default;
};

class Progress {
 public:
  /// Starts behind a stored position. At `holes_bound` open holes reading stops until some end.
  Progress(const StoredPosition& stored, std::size_t holes_bound);

  /// The next read asks for rows after this …
  [[nodiscard]] outbox::RowNumber cursor() const noexcept { return cursor_; }
  /// … and for these.
  [[nodiscard]] std::vector<outbox::OpenHole> open_holes() const { return holes_.open(); }

  /// Takes one answer in: `rows` in order, the snapshot's horizon, whether the snapshot held no
  /// more. Returns how many of the rows, from the first, are accepted: each is then to be published
  /// and released() in this order. The others (behind a gap for which there is no room) will be
  /// read again. Throws std::logic_error when the rows are not what was asked for.
  std::size_t accept(std::span<const outbox::RowNumber> rows, std::int64_t horizon, bool complete);

  /// The batch behind the cursor is known without a read, as a whole: takes its rows in as accept()
  /// does. Only at a batch's end.
  void accept_batch(std::int64_t batch, std::size_t rows);
  /// What was read last is known to its end, so that a whole batch may follow.
  [[nodiscard]] bool at_batch_end() const noexcept {
    return runs_.empty() || runs_.back().read_to_end;
  }

  /// The oldest accepted row that was not released has been acknowledged.
  void released(outbox::RowNumber row);

  [[nodiscard]] StoredPosition position() const;
  [[nodiscard]] Holes& holes() noexcept { return holes_; }
  [[nodiscard]] const Holes& holes() const noexcept { return holes_; }
  /// The last accept() left rows behind because there are too many holes.
  [[nodiscard]] bool at_bound() const noexcept { return at_bound_; }

 private:
  /// A batch that was not a hole, with rows not yet released, or not yet read to its end.
  struct Run {
    std::int64_t batch;
    std::size_t owed;
    bool read_to_end;
  };

  std::size_t accept_holes(std::span<const outbox::RowNumber> rows);
  bool advance_to(std::int64_t batch);
  void close_last_run();
  void drop_finished_runs();

  Holes holes_;
  outbox::RowNumber cursor_;
  std::deque<Run> runs_;
  bool at_bound_ = false;
};

}  // namespace pawl::relay
