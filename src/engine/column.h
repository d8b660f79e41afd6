// The columns of a declared table: how a member of a row struct becomes an array parameter and
// comes back.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "pawl/engine/table_access.h"

namespace pawl {

/// One column of a row struct: bigint, text, uuid or boolean by the member's type. What is done
/// with it is fixed where the type is known, so that no compiler ever sees a small struct as if it
/// held a string.
template <class Row>
class Column {
 public:
  template <class T>
  Column(std::string name, T Row::* member)
      : shape_{std::move(name), static_cast<ColumnType>(ColumnArray(Stored<T>{}).index())},
        array_([] { return ColumnArray(Stored<T>{}); }),
        append_([member](ColumnArray& array, const Row& row) {
          std::get<Stored<T>>(array).push_back(row.*member);
        }),
        take_([member](ColumnArray& array, Row& row) {
          std::get<Stored<T>>(array).push_back(std::move(row.*member));
        }),
        read_([member](const ColumnArray& array, std::size_t index, Row& row) {
          row.*member = std::get<Stored<T>>(array)[index];
        }) {}

  [[nodiscard]] const engine::ColumnShape& shape() const { return shape_; }
  /// An empty array for this column's values.
  [[nodiscard]] ColumnArray array(std::size_t rows) const {
    ColumnArray array = array_();
    std::visit([rows](auto& values) { values.reserve(rows); }, array);
    return array;
  }
  void append(ColumnArray& array, const Row& row) const { append_(array, row); }
  /// Moves this column's value out of the row and leaves the others.
  void take(ColumnArray& array, Row& row) const { take_(array, row); }
  void read(const ColumnArray& array, std::size_t index, Row& row) const {
    read_(array, index, row);
  }

 private:
  template <class T>
  using Stored = std::vector<std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>>;

  engine::ColumnShape shape_;
  std::function<ColumnArray()> array_;
  std::function<void(ColumnArray&, const Row&)> append_;
  std::function<void(ColumnArray&, Row&)> take_;
  std::function<void(const ColumnArray&, std::size_t, Row&)> read_;
};

namespace engine {

template <class Row>
TableShape make_shape(std::string name,
                      const std::vector<Column<Row>>& columns,
                      std::string version) {
  TableShape shape{std::move(name), {}, std::move(version)};
  for (const Column<Row>& column : columns) shape.columns.push_back(column.shape());
  return shape;
}

template <class Row>
std::vector<ColumnArray> make_arrays(const std::vector<Column<Row>>& columns, std::size_t rows) {
  std::vector<ColumnArray> arrays;
  for (const Column<Row>& column : columns) arrays.push_back(column.array(rows));
  return arrays;
}

template <class Row>
void append_row(const std::vector<Column<Row>>& columns,
                std::vector<ColumnArray>& arrays,
                const Row& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].append(arrays[i], row);
}

}  // namespace engine

}  // namespace pawl
