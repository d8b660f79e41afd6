// Small tables, and what the engine does with them, as verbs.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pawl/engine/append_table.h"
#include "pawl/engine/state_table.h"

namespace pawl::engine {

struct Counter {
  std::int64_t id = 0;
  std::int64_t value = 0;
};
using Counters = StateTable<&Counter::id>;

inline Counters make_counters(std::size_t rows_max = 200'000) {
  return Counters{"test.counter", {{"id", &Counter::id}, {"value", &Counter::value}}, rows_max};
}

using Ids = std::vector<std::int64_t>;

inline Ids ids_of(const ColumnArray& column) {
  return std::get<Ids>(column);
}
inline Ids keys_of(const std::optional<TableWrite>& write) {
  return write ? ids_of(write->columns[0]) : Ids{};
}
inline Ids values_of(const std::optional<TableWrite>& write) {
  return write ? ids_of(write->columns[1]) : Ids{};
}
inline Ids versions_of(const std::optional<TableWrite>& write) {
  return write ? write->versions : Ids{};
}
inline Ids seen_of(const std::optional<TableWrite>& write) {
  return write ? write->seen : Ids{};
}
inline std::map<std::int64_t, std::int64_t> reads_of(const TableChanges& changes) {
  std::map<std::int64_t, std::int64_t> reads;
  if (!changes.reads) return reads;
  for (std::size_t i = 0; i < changes.reads->versions.size(); ++i) {
    reads[ids_of(changes.reads->keys)[i]] = changes.reads->versions[i];
  }
  return reads;
}

/// The rows that the database holds for a load: {id, value, version}.
struct StoredCounter {
  std::int64_t id, value, version;
};
inline TableRows rows(const std::vector<StoredCounter>& stored) {
  TableRows rows{{Ids{}, Ids{}}, {}};
  for (const StoredCounter& each : stored) {
    std::get<Ids>(rows.columns[0]).push_back(each.id);
    std::get<Ids>(rows.columns[1]).push_back(each.value);
    rows.versions.push_back(each.version);
  }
  return rows;
}

/// Starts a batch that needs these keys; the database holds `stored`. Returns the keys that were
/// asked for.
inline Ids begin(Counters& counters,
                 BatchNumber number,
                 const Ids& needed,
                 const std::vector<StoredCounter>& stored) {
  counters.begin_batch(number);
  for (const std::int64_t key : needed) counters.need(key);
  const auto load = counters.take_needs();
  if (!load) return {};
  counters.accept(*load, rows(stored));
  return ids_of(load->keys);
}

/// One command that adds to a counter.
inline void add(Counters& counters, std::int64_t id, std::int64_t amount, bool kept = true) {
  counters.begin_command(0);
  counters.edit(id).value += amount;
  kept ? counters.keep() : counters.undo();
}

/// One command that adds a counter.
inline void insert(Counters& counters, Counter row, bool kept = true) {
  counters.begin_command(0);
  counters.insert(row);
  kept ? counters.keep() : counters.undo();
}

}  // namespace pawl::engine
