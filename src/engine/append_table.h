// Rows that commands only add: a journal. Nothing is read back.
#pragma once

#include "pawl/engine/column.h"
#include "pawl/engine/table.h"

namespace pawl {

/// A table that deciders append to; one INSERT per batch.
///
///     pawl::AppendTable<Transfer> transfers{"ledger.transfer", {{"transfer_id", &Transfer::id},
///     …}};
template <class Row>
class AppendTable final : public engine::Table {
 public:
  AppendTable(std::string name, std::vector<Column<Row>> columns)
      : columns_(std::move(columns)), shape_(engine::make_shape(std::move(name), columns_, "")) {}

  /// Adds a row when the command is kept.
  void append(Row row) { rows_.push_back(std::move(row)); }

  /// Rows of this batch so far, for tests of deciders.
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

  [[nodiscard]] const engine::TableShape& shape() const override { return shape_; }
  void begin_batch(engine::BatchNumber) override {}
  std::optional<engine::TableLoad> take_needs() override { return std::nullopt; }
  void accept(const engine::TableLoad&, const engine::TableRows&) override {}
  void begin_touch() override {}
  void begin_command(std::size_t) override { kept_ = rows_.size(); }
  void keep() override { kept_ = rows_.size(); }
  void undo() override { rows_.resize(kept_); }

  engine::TableChanges take_changes(engine::BatchNumber, engine::BatchNumber) override {
    engine::TableChanges changes;
    if (rows_.empty()) return changes;
    engine::TableWrite write{&shape_, engine::make_arrays(columns_, rows_.size()), {}, {}};
    for (const Row& row : rows_) engine::append_row(columns_, write.columns, row);
    changes.inserts = std::move(write);
    rows_.clear();
    kept_ = 0;
    return changes;
  }
  void settle(engine::BatchNumber) override {}
  void forget() override {
    rows_.clear();
    kept_ = 0;
  }

 private:
  std::vector<Column<Row>> columns_;
  engine::TableShape shape_;
  std::vector<Row> rows_;
  std::size_t kept_ = 0;
};

}  // namespace pawl
