// What the engine asks a database for in terms of tables: shapes, loads, writes, checks. No
// templates, no SQL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pawl/core/columns.h"

namespace pawl::engine {

struct ColumnShape {
  std::string name;
  ColumnType type;
};

/// A table as its owner declared it. The first column is the key of a state table. `version_column`
/// is empty for a table that is only appended to.
struct TableShape {
  std::string name;
  std::vector<ColumnShape> columns;
  std::string version_column;
};

/// Rows asked for by key; `keys` are distinct.
struct TableLoad {
  const TableShape* table;
  ColumnArray keys;
};

/// The answer: the declared columns in order, then the version. Absent keys have no row.
struct TableRows {
  std::vector<ColumnArray> columns;
  std::vector<std::int64_t> versions;
};

/// Rows to write. `seen` empty: insert (a state row must be absent). Otherwise: update where the
/// version is still `seen`.
struct TableWrite {
  const TableShape* table;
  std::vector<ColumnArray> columns;
  std::vector<std::int64_t> versions;  // new ones; empty for append-only tables
  std::vector<std::int64_t> seen;
  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : rows_of(columns[0]); }
};

inline constexpr std::int64_t kAbsent = -1;

/// Rows that were read and must still be as they were: their version, or kAbsent.
struct TableCheck {
  const TableShape* table;
  ColumnArray keys;
  std::vector<std::int64_t> versions;
};

}  // namespace pawl::engine
