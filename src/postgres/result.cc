#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "pawl/postgres/connection.h"
#include "pawl/postgres/network_order.h"
#include "pawl/postgres/oids.h"

namespace pawl::postgres {
namespace {

// The types whose binary form is their bytes. Enums are to be cast to text: their numbers differ
// per database.
constexpr std::array kByteTypes{
    oid::kText, oid::kBytea, oid::kVarchar, oid::kBpchar, oid::kName, oid::kJson, oid::kUnknown};

constexpr int kEmptyArrayHead = 3 * sizeof(std::int32_t);

[[noreturn]] void wrong_read(const pg_result* result, int column, const std::string& problem) {
  const char* name = PQfname(result, column);
  throw std::logic_error("result column " + std::to_string(column) + " (" +
                         (name ? name : "there is none") + "): " + problem);
}

[[noreturn]] void wrong_type(const pg_result* result, int column, std::string_view expected) {
  wrong_read(result,
             column,
             "expected " + std::string{expected} + ", got type " +
                 std::to_string(PQftype(result, column)) + "; cast it in the SQL");
}

void expect_row(const pg_result* result, int row, int column) {
  if (row < 0 || row >= PQntuples(result)) {
    wrong_read(
        result, column, "row " + std::to_string(row) + " of " + std::to_string(PQntuples(result)));
  }
  if (PQgetisnull(result, row, column)) {
    wrong_read(result, column, "NULL in row " + std::to_string(row) + "; ask is_null() first");
  }
}

void expect_type(const pg_result* result, int column, std::uint32_t type, std::string_view name) {
  if (PQftype(result, column) != type) wrong_type(result, column, name);
}

void expect_bytes(const pg_result* result, int column) {
  if (std::ranges::find(kByteTypes, PQftype(result, column)) == kByteTypes.end()) {
    wrong_type(result, column, "text, bytea or json");
  }
}

std::string_view view(const pg_result* result, int row, int column) {
  return {PQgetvalue(result, row, column),
          static_cast<std::size_t>(PQgetlength(result, row, column))};
}

Uuid uuid_at(const pg_result* result, int row, int column) {
  Uuid id;
  std::memcpy(id.bytes.data(), PQgetvalue(result, row, column), id.bytes.size());
  return id;
}

template <typename T, typename Read>
ColumnArray read_column(const pg_result* result, int column, Read read) {
  std::vector<T> values;
  const int rows = PQntuples(result);
  values.reserve(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    expect_row(result, row, column);
    values.push_back(read(row));
  }
  return values;
}

}  // namespace

Result::~Result() {
  PQclear(handle_);
}

int Result::rows() const {
  return PQntuples(handle_);
}
int Result::columns() const {
  return PQnfields(handle_);
}

std::int64_t Result::affected() const {
  const std::string_view text = PQcmdTuples(handle_);
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::string_view Result::command_tag() const {
  return PQcmdStatus(handle_);
}

bool Result::is_null(int row, int column) const {
  if (row < 0 || row >= rows() || column < 0 || column >= columns()) {
    wrong_read(handle_, column, "row " + std::to_string(row) + " is outside of the result");
  }
  return PQgetisnull(handle_, row, column) != 0;
}

std::int64_t Result::integer(int row, int column) const {
  expect_row(handle_, row, column);
  const char* value = PQgetvalue(handle_, row, column);
  switch (PQftype(handle_, column)) {
    case oid::kInt8:
      return get<std::int64_t>(value);
    case oid::kInt4:
      return get<std::int32_t>(value);
    case oid::kInt2:
      return get<std::int16_t>(value);
  }
  wrong_type(handle_, column, "smallint, integer or bigint");
}

bool Result::boolean(int row, int column) const {
  expect_row(handle_, row, column);
  expect_type(handle_, column, oid::kBool, "boolean");
  return *PQgetvalue(handle_, row, column) != 0;
}

Uuid Result::uuid(int row, int column) const {
  expect_row(handle_, row, column);
  expect_type(handle_, column, oid::kUuid, "uuid");
  return uuid_at(handle_, row, column);
}

std::string_view Result::text(int row, int column) const {
  expect_row(handle_, row, column);
  expect_bytes(handle_, column);
  return view(handle_, row, column);
}

double Result::number(int row, int column) const {
  expect_row(handle_, row, column);
  expect_type(handle_, column, oid::kFloat8, "double precision");
  return std::bit_cast<double>(get<std::int64_t>(PQgetvalue(handle_, row, column)));
}

WallTime Result::time(int row, int column) const {
  expect_row(handle_, row, column);
  expect_type(handle_, column, oid::kTimestamptz, "timestamp with time zone");
  const std::chrono::microseconds since{get<std::int64_t>(PQgetvalue(handle_, row, column))};
  return std::chrono::floor<std::chrono::milliseconds>(kPostgresEpoch + since);
}

std::vector<std::int64_t> Result::integers(int row, int column) const {
  expect_row(handle_, row, column);
  expect_type(handle_, column, oid::kInt8Array, "bigint[]");
  const std::string_view bytes = view(handle_, row, column);
  const auto dimensions = get<std::int32_t>(bytes.data());
  if (dimensions == 0 && bytes.size() >= kEmptyArrayHead) return {};
  if (dimensions != 1) wrong_type(handle_, column, "bigint[] of one dimension");
  const auto count = get<std::int32_t>(bytes.data() + 3 * sizeof(std::int32_t));
  std::vector<std::int64_t> values;
  values.reserve(static_cast<std::size_t>(count));
  const char* from = bytes.data() + kArrayHead;
  for (std::int32_t i = 0; i < count; ++i) {
    if (get<std::int32_t>(from) != sizeof(std::int64_t)) {
      wrong_type(handle_, column, "bigint[] without NULLs");
    }
    values.push_back(get<std::int64_t>(from + sizeof(std::int32_t)));
    from += sizeof(std::int32_t) + sizeof(std::int64_t);
  }
  return values;
}

ColumnArray Result::column(int column, ColumnType type) const {
  if (column < 0 || column >= columns()) wrong_read(handle_, column, "no such column");
  switch (type) {
    case ColumnType::bigint:
      return read_column<std::int64_t>(
          handle_, column, [&](int row) { return integer(row, column); });
    case ColumnType::text:
      expect_bytes(handle_, column);
      return read_column<std::string>(
          handle_, column, [&](int row) { return std::string{view(handle_, row, column)}; });
    case ColumnType::uuid:
      expect_type(handle_, column, oid::kUuid, "uuid");
      return read_column<Uuid>(
          handle_, column, [&](int row) { return uuid_at(handle_, row, column); });
    case ColumnType::boolean:
      expect_type(handle_, column, oid::kBool, "boolean");
      return read_column<std::uint8_t>(handle_, column, [&](int row) {
        return static_cast<std::uint8_t>(*PQgetvalue(handle_, row, column) != 0);
      });
  }
  throw std::logic_error("impossible column type");
}

}  // namespace pawl::postgres
