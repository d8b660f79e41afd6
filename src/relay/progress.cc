#include "pawl/relay/progress.h"

#include <limits>
#include <stdexcept>
#include <string>

namespace pawl::relay {

using outbox::RowNumber;

Progress::Progress(const StoredPosition& stored, std::size_t holes_bound)
    : holes_(holes_bound), cursor_{stored.batch, outbox::kWholeBatch} {
  holes_.restore(stored.holes);
}

std::size_t Progress::accept(std::span<const RowNumber> rows, std::int64_t horizon, bool complete) {
  std::size_t accepted = accept_holes(rows);
  // Behind the last row of a cut answer nothing is known, not even about the last row's own batch.
  const std::int64_t limit =
      complete || rows.empty() ? std::numeric_limits<std::int64_t>::max() : rows.back().batch;
  if (complete || !rows.empty()) holes_.seen_below(limit, horizon);
  at_bound_ = false;
  for (; accepted < rows.size(); ++accepted) {
    const RowNumber row = rows[accepted];
    if (row <= cursor_) throw std::logic_error("outbox rows came out of order");
    const bool begins = row.batch != cursor_.batch || runs_.empty();
    if (begins && !advance_to(row.batch)) {
      at_bound_ = true;
      return accepted;
    }
    ++runs_.back().owed;
    cursor_ = row;
  }
  if (complete) close_last_run();
  return accepted;
}

void Progress::accept_batch(std::int64_t batch, std::size_t rows) {
  if (batch != cursor_.batch + 1 || !at_batch_end()) {
    throw std::logic_error("outbox batch " + std::to_string(batch) +
                           " does not follow what was read");
  }
  runs_.push_back({batch, rows, true});
  cursor_ = {batch, outbox::kWholeBatch};
  drop_finished_runs();
}

std::size_t Progress::accept_holes(std::span<const RowNumber> rows) {
  std::size_t count = 0;
  for (; count < rows.size() && rows[count] <= cursor_; ++count) {
    if (!holes_.contains(rows[count].batch)) {
      throw std::logic_error("outbox batch " + std::to_string(rows[count].batch) +
                             " was read without being asked for");
    }
    holes_.found(rows[count]);
  }
  return count;
}

bool Progress::advance_to(std::int64_t batch) {
  close_last_run();
  while (cursor_.batch + 1 < batch) {
    if (!holes_.notice(cursor_.batch + 1)) return false;
    cursor_ = {cursor_.batch + 1, outbox::kWholeBatch};
  }
  cursor_ = {batch, -1};
  runs_.push_back({batch, 0, false});
  return true;
}

void Progress::close_last_run() {
  if (runs_.empty()) return;
  runs_.back().read_to_end = true;
  drop_finished_runs();
}

void Progress::drop_finished_runs() {
  while (!runs_.empty() && runs_.front().read_to_end && runs_.front().owed == 0) runs_.pop_front();
}

void Progress::released(RowNumber row) {
  if (holes_.contains(row.batch)) {
    holes_.released(row.batch);
    return;
  }
  --runs_.front().owed;
  drop_finished_runs();
}

StoredPosition Progress::position() const {
  const std::int64_t batch = runs_.empty() ? cursor_.batch : runs_.front().batch - 1;
  return {batch, holes_.unfinished(batch)};
}

}  // namespace pawl::relay
