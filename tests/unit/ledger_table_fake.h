// Tables as a database would hold them, and a runner that decides batches against them as the
// engine does.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "pawl/engine/table.h"

namespace ledger {

using Value = std::variant<std::int64_t, std::string, pawl::Uuid, std::uint8_t>;
using Values = std::vector<Value>;

/// Applies what a batch wants written, and refuses what a real database would: a version that
/// moved, a key twice.
class FakeDatabase {
 public:
  struct Row {
    Values values;
    std::int64_t version;
    bool operator==(const Row&) const = default;
  };
  std::map<std::string, std::map<Value, Row>> states;
  std::map<std::string, std::vector<Values>> journals;
  bool operator==(const FakeDatabase&) const = default;

  [[nodiscard]] pawl::engine::TableRows load(const pawl::engine::TableLoad& load) {
    pawl::engine::TableRows rows;
    for (const auto& column : load.table->columns) rows.columns.push_back(empty(column.type));
    const auto& stored = states[load.table->name];
    for (std::size_t i = 0; i < pawl::rows_of(load.keys); ++i) {
      const auto at = stored.find(value(load.keys, i));
      if (at == stored.end()) continue;
      for (std::size_t c = 0; c < rows.columns.size(); ++c) {
        append(rows.columns[c], at->second.values[c]);
      }
      rows.versions.push_back(at->second.version);
    }
    return rows;
  }

  void apply(const pawl::engine::TableChanges& changes) {
    if (changes.reads) check(*changes.reads);
    for (const auto& write : {changes.inserts, changes.updates, changes.later}) {
      if (write) apply(*write);
    }
  }

 private:
  static pawl::ColumnArray empty(pawl::ColumnType type) {
    switch (type) {
      case pawl::ColumnType::bigint:
        return std::vector<std::int64_t>{};
      case pawl::ColumnType::text:
        return std::vector<std::string>{};
      case pawl::ColumnType::uuid:
        return std::vector<pawl::Uuid>{};
      case pawl::ColumnType::boolean:
        return std::vector<std::uint8_t>{};
    }
    throw std::logic_error("impossible column type");
  }
  static Value value(const pawl::ColumnArray& column, std::size_t row) {
    return std::visit([row](const auto& values) { return Value(values[row]); }, column);
  }
  static void append(pawl::ColumnArray& column, const Value& value) {
    std::visit([&]<class T>(std::vector<T>& values) { values.push_back(std::get<T>(value)); },
               column);
  }

  void apply(const pawl::engine::TableWrite& write) {
    for (std::size_t i = 0; i < write.rows(); ++i) {
      Values values;
      for (const auto& column : write.columns) values.push_back(value(column, i));
      if (write.table->version_column.empty()) {
        journals[write.table->name].push_back(std::move(values));
      } else {
        write_state(write, i, std::move(values));
      }
    }
  }
  void write_state(const pawl::engine::TableWrite& write, std::size_t i, Values values) {
    auto& stored = states[write.table->name];
    const auto at = stored.find(values[0]);
    const bool insert = write.seen.empty();
    if (insert ? at != stored.end() : at == stored.end() || at->second.version != write.seen[i]) {
      throw std::logic_error(write.table->name + ": the row is not as the batch saw it");
    }
    const Value key = values[0];
    stored[key] = {std::move(values), write.versions[i]};
  }
  void check(const pawl::engine::TableCheck& reads) {
    const auto& stored = states[reads.table->name];
    for (std::size_t i = 0; i < reads.versions.size(); ++i) {
      const auto at = stored.find(value(reads.keys, i));
      const std::int64_t version = at == stored.end() ? pawl::engine::kAbsent : at->second.version;
      if (version != reads.versions[i]) throw std::logic_error(reads.table->name + ": stale read");
    }
  }
};

}  // namespace ledger
