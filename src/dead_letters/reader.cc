#include "pawl/dead_letters/reader.h"

#include <fmt/format.h>

namespace pawl::dead_letters {
namespace {

using postgres::Parameters;
using postgres::Result;

constexpr std::string_view kColumns =
    "id, state, topic, partition, record_offset, record_time, message_id, type, key, class, code, "
    "text, fingerprint, attempts, redrives, first_failed_at, last_failed_at, edited_as";

std::optional<std::string> optional_text(const Result& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return std::string(rows.text(row, column));
}

Letter letter_of(const Result& rows, int row, bool whole) {
  int at = 0;
  Letter letter;
  letter.id = rows.uuid(row, at++);
  letter.state = parse_state(rows.text(row, at++)).value_or(State::dead);
  letter.lane.topic = rows.text(row, at++);
  letter.lane.partition = static_cast<std::int32_t>(rows.integer(row, at++));
  letter.offset = rows.integer(row, at++);
  if (!rows.is_null(row, at)) letter.record_time = rows.time(row, at);
  letter.message_id = rows.uuid(row, ++at);
  letter.type = rows.text(row, ++at);
  letter.key = optional_text(rows, row, ++at);
  letter.failure_class = rows.text(row, ++at);
  letter.code = rows.text(row, ++at);
  letter.text = rows.text(row, ++at);
  letter.fingerprint = rows.integer(row, ++at);
  letter.attempts = rows.integer(row, ++at);
  letter.redrives = rows.integer(row, ++at);
  letter.first_failed_at = rows.time(row, ++at);
  letter.last_failed_at = rows.time(row, ++at);
  if (!rows.is_null(row, ++at)) letter.edited_as = rows.uuid(row, at);
  if (whole) {
    letter.headers = rows.text(row, ++at);
    letter.payload = optional_text(rows, row, ++at);
    letter.history = rows.text(row, ++at);
  }
  return letter;
}

}  // namespace

// Planned for these very parameters, as all unnamed statements.
std::vector<Letter> Reader::list(const Filter& filter, const Page& page) {
  Parameters parameters;
  std::string where = condition(filter, parameters);
  const bool newest = page.order == Order::newest_first;
  if (page.after) {
    parameters.add(*page.after);
    where += fmt::format(
        " AND (last_failed_at, id) {} (SELECT last_failed_at, id FROM pawl.dead_letter WHERE id = "
        "${})",
        newest ? '<' : '>',
        parameters.size());
  }
  parameters.add(std::int64_t{page.limit});
  const Result rows = connection_.execute(
      {"",
       fmt::format(
           "SELECT {}{} FROM pawl.dead_letter WHERE {} ORDER BY last_failed_at {}, id {} LIMIT ${}",
           kColumns,
           page.whole ? ", headers::text, payload, history::text" : "",
           where,
           newest ? "DESC" : "ASC",
           newest ? "DESC" : "ASC",
           parameters.size())},
      parameters);
  std::vector<Letter> letters;
  letters.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) letters.push_back(letter_of(rows, row, page.whole));
  return letters;
}

// Counted in the index; only the latest of each group is read whole.
std::vector<Group> Reader::groups(const Filter& filter, int limit) {
  Parameters parameters;
  const std::string where = condition(filter, parameters);
  parameters.add(std::int64_t{limit});
  const Result rows = connection_.execute({"",
                                           fmt::format(R"(
WITH g AS (
  SELECT fingerprint, type, count(*) AS letters, min(first_failed_at) AS first_failed_at, max(last_failed_at) AS last_failed_at
  FROM pawl.dead_letter WHERE {0} GROUP BY fingerprint, type ORDER BY letters DESC, last_failed_at DESC LIMIT ${1})
SELECT g.fingerprint, g.type, g.letters, g.first_failed_at, g.last_failed_at, d.id, d.class, d.code, d.text
FROM g CROSS JOIN LATERAL (
  SELECT id, class, code, text FROM pawl.dead_letter
  WHERE {0} AND fingerprint = g.fingerprint AND type = g.type ORDER BY last_failed_at DESC, id DESC LIMIT 1) d
ORDER BY g.letters DESC, g.last_failed_at DESC)",
                                                       where,
                                                       parameters.size())},
                                          parameters);
  std::vector<Group> groups;
  groups.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    groups.push_back({.fingerprint = rows.integer(row, 0),
                      .type = std::string(rows.text(row, 1)),
                      .count = rows.integer(row, 2),
                      .first_failed_at = rows.time(row, 3),
                      .last_failed_at = rows.time(row, 4),
                      .example = rows.uuid(row, 5),
                      .failure_class = std::string(rows.text(row, 6)),
                      .code = std::string(rows.text(row, 7)),
                      .text = std::string(rows.text(row, 8))});
  }
  return groups;
}

std::int64_t Reader::count(const Filter& filter) {
  Parameters parameters;
  const std::string where = condition(filter, parameters);
  return connection_
      .execute({"", "SELECT count(*) FROM pawl.dead_letter WHERE " + where}, parameters)
      .integer(0, 0);
}

}  // namespace pawl::dead_letters
