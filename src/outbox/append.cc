#include "pawl/outbox/append.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::outbox {
namespace {

using Cells = std::vector<std::optional<std::string_view>>;

/// One scratch vector serves all text and bytes columns of a batch.
class ColumnReader {
 public:
  explicit ColumnReader(std::span<const OutboxRow> rows) : rows_(rows), cells_(rows.size()) {}

  const Cells& column(std::string OutboxRow::* member) {
    for (std::size_t i = 0; i < rows_.size(); ++i) cells_[i] = rows_[i].*member;
    return cells_;
  }
  const Cells& column(std::optional<std::string> OutboxRow::* member) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto& value = rows_[i].*member;
      cells_[i] = value ? std::optional<std::string_view>{*value} : std::nullopt;
    }
    return cells_;
  }

 private:
  std::span<const OutboxRow> rows_;
  Cells cells_;
};

std::vector<Uuid> ids_of(std::span<const OutboxRow> rows) {
  std::vector<Uuid> ids;
  ids.reserve(rows.size());
  for (const OutboxRow& row : rows) ids.push_back(row.id);
  return ids;
}

std::vector<WallTime> times_of(std::span<const OutboxRow> rows) {
  std::vector<WallTime> times;
  times.reserve(rows.size());
  for (const OutboxRow& row : rows) times.push_back(row.caused_at);
  return times;
}

}  // namespace

// The segment is an uncorrelated sub-select: the executor runs it once, whatever the number of
// rows, and before the first row is written.
const postgres::Statement kAppend{"outbox_append", R"(
INSERT INTO pawl.outbox (batch, index, segment, topic, key, id, type, source, content_type, correlation_id,
                         causation_id, traceparent, headers, payload, caused_at)
SELECT $1::bigint, ($2::integer + ordinality - 1)::integer, (SELECT pawl.outbox_segment()),
       topic, key, id, type, source, content_type, correlation_id,
       causation_id, traceparent, headers, payload, caused_at
FROM unnest($3::text[], $4::bytea[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::jsonb[], $13::bytea[], $14::timestamptz[])
     WITH ORDINALITY AS r(topic, key, id, type, source, content_type, correlation_id,
                          causation_id, traceparent, headers, payload, caused_at, ordinality))"};

void encode(std::int64_t batch,
            std::int32_t first_index,
            std::span<const OutboxRow> rows,
            postgres::Parameters& into) {
  ColumnReader reader{rows};
  into.clear();
  into.add(batch);
  into.add(first_index);
  into.add_text_array(reader.column(&OutboxRow::topic));
  into.add_bytes_array(reader.column(&OutboxRow::key));
  into.add_array(std::span<const Uuid>{ids_of(rows)});
  into.add_text_array(reader.column(&OutboxRow::type));
  into.add_text_array(reader.column(&OutboxRow::source));
  into.add_text_array(reader.column(&OutboxRow::content_type));
  into.add_text_array(reader.column(&OutboxRow::correlation_id));
  into.add_text_array(reader.column(&OutboxRow::causation_id));
  into.add_text_array(reader.column(&OutboxRow::traceparent));
  into.add_json_array(reader.column(&OutboxRow::headers));
  into.add_bytes_array(reader.column(&OutboxRow::payload));
  into.add_time_array(times_of(rows));
}

}  // namespace pawl::outbox
