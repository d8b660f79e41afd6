#include "pawl/outbox/append.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace pawl::outbox {
namespace {

using Cells = std::vector<std::optional<std::string_view>>;

/// One scratch vector serves all text and bytes columns of a batch.
class ColumnReader {
 public:
  explicit ColumnReader(const OutboxRows& rows) : rows_(rows) { cells_.reserve(rows.size()); }

  const Cells& unless_all_agree(std::string_view OutboxRow::* member) {
    cells_.clear();
    if (rows_.agree(member)) return cells_;
    for (const OutboxRow& row : rows_) cells_.emplace_back(row.*member);
    return cells_;
  }
  const Cells& unless_all_null(std::optional<std::string_view> OutboxRow::* member) {
    cells_.clear();
    if (std::ranges::none_of(rows_,
                             [&](const OutboxRow& row) { return (row.*member).has_value(); })) {
      return cells_;
    }
    for (const OutboxRow& row : rows_) cells_.push_back(row.*member);
    return cells_;
  }

 private:
  const OutboxRows& rows_;
  Cells cells_;
};

std::vector<Uuid> ids_of(const OutboxRows& rows) {
  std::vector<Uuid> ids;
  ids.reserve(rows.size());
  for (const OutboxRow& row : rows) ids.push_back(row.id);
  return ids;
}

std::vector<WallTime> times_of(const OutboxRows& rows) {
  std::vector<WallTime> times;
  times.reserve(rows.size());
  for (const OutboxRow& row : rows) times.push_back(row.caused_at);
  return times;
}

}  // namespace

// The segment is an uncorrelated sub-select: the executor runs it once, whatever the number of
// rows, and before the first row is written. An array that is shorter than the others counts as
// NULL behind its end: columns that are NULL throughout, and those in which all rows agree, come as
// empty arrays, which spares the server most of what unnest costs.
const postgres::Statement kAppend{"outbox_append", R"(
INSERT INTO pawl.outbox (batch, index, segment, topic, key, id, type, source, content_type, correlation_id,
                         causation_id, traceparent, headers, payload, caused_at)
SELECT $1::bigint, ($2::integer + ordinality - 1)::integer, (SELECT pawl.outbox_segment()),
       coalesce(topic, $15::text), key, id, coalesce(type, $16::text), coalesce(source, $17::text),
       coalesce(content_type, $18::text),
       correlation_id, causation_id, traceparent, headers, payload, caused_at
FROM unnest($3::text[], $4::bytea[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::jsonb[], $13::bytea[], $14::timestamptz[])
     WITH ORDINALITY AS r(topic, key, id, type, source, content_type, correlation_id,
                          causation_id, traceparent, headers, payload, caused_at, ordinality))"};

void encode(std::int64_t batch,
            std::int32_t first_index,
            const OutboxRows& rows,
            postgres::Parameters& into) {
  ColumnReader reader{rows};
  into.clear();
  into.add(batch);
  into.add(first_index);
  into.add_text_array(reader.unless_all_agree(&OutboxRow::topic));
  into.add_bytes_array(reader.unless_all_null(&OutboxRow::key));
  into.add_array(std::span<const Uuid>{ids_of(rows)});
  into.add_text_array(reader.unless_all_agree(&OutboxRow::type));
  into.add_text_array(reader.unless_all_agree(&OutboxRow::source));
  into.add_text_array(reader.unless_all_agree(&OutboxRow::content_type));
  into.add_text_array(reader.unless_all_null(&OutboxRow::correlation_id));
  into.add_text_array(reader.unless_all_null(&OutboxRow::causation_id));
  into.add_text_array(reader.unless_all_null(&OutboxRow::traceparent));
  into.add_json_array(reader.unless_all_null(&OutboxRow::headers));
  into.add_bytes_array(reader.unless_all_null(&OutboxRow::payload));
  into.add_time_array(times_of(rows));
  for (const auto member :
       {&OutboxRow::topic, &OutboxRow::type, &OutboxRow::source, &OutboxRow::content_type}) {
    into.add(rows.empty() ? std::string_view{} : rows[0].*member);
  }
}

}  // namespace pawl::outbox
