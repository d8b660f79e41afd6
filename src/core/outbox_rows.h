// Outbox rows together with the bytes that they point to, on their way from an engine to the
// relay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <vector>

#include "pawl/core/outbox_row.h"

namespace pawl {

/// A batch's rows with few allocations, whatever their number: they are made by one thread and
/// freed by another, which is what allocators do worst. Movable; not thread-safe.
class OutboxRows {
 public:
  /// Makes room for about so many rows and their bytes.
  void reserve(std::size_t rows);
  /// Appends a copy of the row, and of all that it points to.
  void add(const OutboxRow& row);

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] const OutboxRow& operator[](std::size_t row) const { return rows_[row]; }
  [[nodiscard]] auto begin() const noexcept { return rows_.begin(); }
  [[nodiscard]] auto end() const noexcept { return rows_.end(); }

  /// Whether all rows say the same there.
  [[nodiscard]] bool agree(std::string_view OutboxRow::* member) const noexcept {
    // What repeats is kept once: only then are the first and the last the same bytes.
    return rows_.empty() || (rows_.front().*member).data() == (rows_.back().*member).data();
  }

  /// What the rows count against a bound on bytes: their payloads, keys and headers, and what
  /// surrounds them.
  [[nodiscard]] std::int64_t bytes() const noexcept { return bytes_; }

 private:
  /// A copy, or the previous row's if it says the same.
  std::string_view keep(std::string_view text, std::string_view previous);

  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  std::vector<OutboxRow> rows_;
  std::int64_t bytes_ = 0;
};

}  // namespace pawl
