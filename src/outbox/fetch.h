// How the relay reads the outbox: rows after a point and rows of known holes, in one snapshot.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <span>

#include "pawl/core/outbox_row.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/parameters.h"

namespace pawl::outbox {

/// Where a row stands in the outbox; rows are read and published in this order.
struct RowNumber {
  std::int64_t batch = 0;
  std::int32_t index = 0;
  auto operator<=>(const RowNumber&) const = default;
};

/// An index after all of a batch's rows.
inline constexpr std::int32_t kWholeBatch = std::numeric_limits<std::int32_t>::max();

/// A batch number below those already read; what is wanted are its rows above `after_index` (-1:
/// all).
struct OpenHole {
  std::int64_t batch = 0;
  std::int32_t after_index = -1;
};

struct FetchBounds {
  std::int32_t rows_max = 2000;
  std::int64_t bytes_max = 4 << 20;  // the row that crosses it still comes: one is always read
};

/// Reads in the order of RowNumber, across all segments: the rows of `holes`, then those after
/// `after`, until a bound. Exactly one snapshot, so a hole that this read misses was not visible
/// when any row of it was.
extern const postgres::Statement kFetch;
void encode_fetch(RowNumber after,
                  std::span<const OpenHole> holes,
                  const FetchBounds& bounds,
                  postgres::Parameters& into);

/// The answer to kFetch; rows are decoded when asked for. Not
/// thread-safe, movable.
class FetchedRows {
 public:
  FetchedRows(postgres::Result result, const FetchBounds& bounds);

  [[nodiscard]] int rows() const noexcept { return rows_; }
  /// The snapshot held no further rows: neither bound was reached.
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  /// pg_snapshot_xmin of the snapshot: every transaction with a lower id had ended.
  [[nodiscard]] std::int64_t horizon() const noexcept { return horizon_; }

  [[nodiscard]] RowNumber number(int row) const;
  /// Points into this answer.
  [[nodiscard]] OutboxRow read(int row) const;

 private:
  postgres::Result result_;
  int rows_;
  bool complete_ = true;
  std::int64_t horizon_;
};

}  // namespace pawl::outbox
