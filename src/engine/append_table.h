// Rows that commands only add: a journal. Nothing is read back.
#pragma once

#include <utility>
#include <variant>
#include <vector>

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
  void append(Row row) {
    if (arrays_.empty()) arrays_ = engine::make_arrays(columns_, expected_);
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].take(arrays_[i], row);
  }

  /// Rows of this batch so far, for tests of deciders.
  [[nodiscard]] std::vector<Row> rows() const {
    std::vector<Row> rows(count());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (std::size_t i = 0; i < columns_.size(); ++i)
        columns_[i].read(arrays_[i], row, rows[row]);
    }
    return rows;
  }

  [[nodiscard]] const engine::TableShape& shape() const override { return shape_; }
  void begin_batch(engine::BatchNumber) override {}
  std::optional<engine::TableLoad> take_needs() override { return std::nullopt; }
  std::size_t accept(const engine::TableLoad&, const engine::TableRows&) override { return 0; }
  void begin_touch() override {}
  void begin_command(std::size_t) override { kept_ = count(); }
  void keep() override { kept_ = count(); }
  void undo() override {
    for (ColumnArray& array : arrays_) {
      std::visit([this](auto& values) { values.resize(kept_); }, array);
    }
  }

  engine::TableChanges take_changes(engine::BatchNumber, engine::BatchNumber) override {
    engine::TableChanges changes;
    if (count() == 0) return changes;
    expected_ = count();
    changes.inserts = engine::TableWrite{&shape_, std::exchange(arrays_, {}), {}, {}};
    kept_ = 0;
    return changes;
  }
  void settle(engine::BatchNumber) override {}
  void distrust() override {}
  void forget() override {
    arrays_.clear();
    kept_ = 0;
  }

 private:
  [[nodiscard]] std::size_t count() const { return arrays_.empty() ? 0 : rows_of(arrays_[0]); }

  std::vector<Column<Row>> columns_;
  engine::TableShape shape_;
  std::vector<ColumnArray>
      arrays_;  // of this batch, as they will be sent; empty before its first row
  std::size_t kept_ = 0;
  std::size_t expected_ = 0;  // as many as the last batch had
};

}  // namespace pawl
