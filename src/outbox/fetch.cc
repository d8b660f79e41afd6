#include "pawl/outbox/fetch.h"

#include <string_view>
#include <utility>
#include <vector>

#include "pawl/outbox/row_columns.h"

namespace pawl::outbox {
namespace {

// Columns of kFetch.
enum Column {
  kHorizon,
  kRunningBytes,
  kBatch,
  kIndex,
  kRow,  // its columns: row_columns.h
};

}  // namespace

// Holes are below `after`, so the two parts of the union are in order as they stand; no sort, and
// every part is an index scan per segment, merged. The running sum counts sizes without fetching
// what is stored out of line.
const postgres::Statement kFetch{"outbox_fetch", R"(
SELECT s.horizon, o.running, o.batch, o.index, o.topic, o.key, o.id, o.type, o.source, o.content_type,
       o.correlation_id, o.causation_id, o.traceparent, o.headers::text, o.payload,
       o.caused_at, o.created_at
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon OFFSET 0) s
LEFT JOIN LATERAL (
  SELECT b.* FROM (
    SELECT u.*, sum(u.size) OVER (ROWS UNBOUNDED PRECEDING) AS running FROM (
      (SELECT x.*, coalesce(octet_length(x.payload), 0) + coalesce(octet_length(x.key), 0)
                   + coalesce(pg_column_size(x.headers), 0) + 200 AS size
       FROM unnest($5::bigint[], $6::integer[]) h(batch, index)
       JOIN LATERAL (SELECT * FROM pawl.outbox i WHERE i.batch = h.batch AND i.index > h.index
                     ORDER BY i.index LIMIT $3) x ON true)
      UNION ALL
      (SELECT x.*, coalesce(octet_length(x.payload), 0) + coalesce(octet_length(x.key), 0)
                   + coalesce(pg_column_size(x.headers), 0) + 200 AS size
       FROM pawl.outbox x WHERE (x.batch, x.index) > ($1::bigint, $2::integer)
       ORDER BY x.batch, x.index LIMIT $3)
      LIMIT $3::integer) u) b
  WHERE b.running - b.size < $4::bigint) o ON true)"};

void encode_fetch(RowNumber after,
                  std::span<const OpenHole> holes,
                  const FetchBounds& bounds,
                  postgres::Parameters& into) {
  std::vector<std::int64_t> batches;
  std::vector<std::int32_t> indexes;
  for (const OpenHole& hole : holes) {
    batches.push_back(hole.batch);
    indexes.push_back(hole.after_index);
  }
  into.clear();
  into.add(after.batch);
  into.add(after.index);
  into.add(bounds.rows_max);
  into.add(bounds.bytes_max);
  into.add_array(std::span<const std::int64_t>(batches));
  into.add_array(std::span<const std::int32_t>(indexes));
}

FetchedRows::FetchedRows(postgres::Result result, const FetchBounds& bounds)
    : result_(std::move(result)),
      rows_(result_.is_null(0, kBatch) ? 0 : result_.rows()),
      horizon_(result_.integer(0, kHorizon)) {
  if (rows_ == 0) return;
  const std::int64_t bytes = result_.integer(rows_ - 1, kRunningBytes);
  complete_ = rows_ < bounds.rows_max && bytes < bounds.bytes_max;
}

RowNumber FetchedRows::number(int row) const {
  return {result_.integer(row, kBatch), static_cast<std::int32_t>(result_.integer(row, kIndex))};
}

OutboxRow FetchedRows::read(int row) const {
  return row_at(result_, row, kRow);
}

}  // namespace pawl::outbox
