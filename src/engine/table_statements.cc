#include "pawl/engine/table_statements.h"

#include <fmt/format.h>

#include <map>

namespace pawl::engine {
namespace {

std::string names(const TableShape& shape, std::string_view before = "") {
  std::string list;
  for (const ColumnShape& column : shape.columns) {
    if (!list.empty()) list += ", ";
    list += fmt::format("{}{}", before, column.name);
  }
  return list;
}

// "$1::bigint[], $2::text[]", one for each column.
std::string arrays(const TableShape& shape) {
  std::string list;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    if (i > 0) list += ", ";
    list += fmt::format("${}::{}[]", i + 1, sql_name(shape.columns[i].type));
  }
  return list;
}

std::string load_sql(const TableShape& shape, std::string_view tail) {
  const ColumnShape& key = shape.columns.front();
  return fmt::format("SELECT {}, {} FROM {} WHERE {} = ANY ($1::{}[]){}",
                     names(shape),
                     shape.version_column,
                     shape.name,
                     key.name,
                     sql_name(key.type),
                     tail);
}

// Only the key may conflict silently: somebody else added the row. Another unique constraint is the
// command's fault, and no redo would ever mend it.
std::string insert_sql(const TableShape& shape) {
  if (shape.version_column.empty()) {
    return fmt::format(
        "INSERT INTO {} ({}) SELECT * FROM unnest({})", shape.name, names(shape), arrays(shape));
  }
  return fmt::format(
      "INSERT INTO {} ({}, {}) SELECT * FROM unnest({}, ${}::bigint[]) ON CONFLICT ({}) DO NOTHING",
      shape.name,
      names(shape),
      shape.version_column,
      arrays(shape),
      shape.columns.size() + 1,
      shape.columns.front().name);
}

std::string update_sql(const TableShape& shape) {
  std::string assignments;
  for (std::size_t i = 1; i < shape.columns.size(); ++i) {
    assignments += fmt::format("{0} = v.{0}, ", shape.columns[i].name);
  }
  const std::string& key = shape.columns.front().name;
  const std::size_t count = shape.columns.size();
  return fmt::format(
      "UPDATE {0} t SET {1}{2} = v.{2} FROM unnest({3}, ${4}::bigint[], ${5}::bigint[]) AS v ({6}, "
      "{2}, seen_) "
      "WHERE t.{7} = v.{7} AND t.{2} = v.seen_",
      shape.name,
      assignments,
      shape.version_column,
      arrays(shape),
      count + 1,
      count + 2,
      names(shape),
      key);
}

std::string check_sql(const TableShape& shape) {
  const ColumnShape& key = shape.columns.front();
  return fmt::format("SELECT {0}, {1} FROM {2} WHERE {0} = ANY ($1::{3}[]) ORDER BY {0} FOR SHARE",
                     key.name,
                     shape.version_column,
                     shape.name,
                     sql_name(key.type));
}

template <class Keys>
bool same_versions(const Keys& keys,
                   const std::vector<std::int64_t>& versions,
                   const Keys& found,
                   const postgres::Result& result) {
  std::map<typename Keys::value_type, std::int64_t> present;
  for (std::size_t i = 0; i < found.size(); ++i) {
    present[found[i]] = result.integer(static_cast<int>(i), 1);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto at = present.find(keys[i]);
    if ((at == present.end() ? kAbsent : at->second) != versions[i]) return false;
  }
  return true;
}

}  // namespace

// The verb comes first: the server's names are cut, and what is cut must not be what differs.
TableStatements::TableStatements(const TableShape& shape)
    : insert{"insert " + shape.name, insert_sql(shape)} {
  if (shape.version_column.empty()) return;
  load = {"load " + shape.name, load_sql(shape, "")};
  load_locked = {
      "load_locked " + shape.name,
      load_sql(shape, fmt::format(" ORDER BY {} FOR UPDATE", shape.columns.front().name))};
  update = {"update " + shape.name, update_sql(shape)};
  check = {"check " + shape.name, check_sql(shape)};
}

void encode(const TableWrite& write, postgres::Parameters& into) {
  for (const ColumnArray& column : write.columns) into.add_array(column);
  if (!write.versions.empty()) into.add_array(std::span<const std::int64_t>(write.versions));
  if (!write.seen.empty()) into.add_array(std::span<const std::int64_t>(write.seen));
}

TableRows decode_rows(const TableShape& shape, const postgres::Result& result) {
  TableRows rows;
  int at = 0;
  for (const ColumnShape& column : shape.columns)
    rows.columns.push_back(result.column(at++, column.type));
  rows.versions = std::get<std::vector<std::int64_t>>(result.column(at, ColumnType::bigint));
  return rows;
}

bool still_true(const TableCheck& check, const postgres::Result& result) {
  const ColumnArray found = result.column(0, check.table->columns.front().type);
  return std::visit(
      [&](const auto& keys) {
        using Keys = std::decay_t<decltype(keys)>;
        return same_versions(keys, check.versions, std::get<Keys>(found), result);
      },
      check.keys);
}

}  // namespace pawl::engine
