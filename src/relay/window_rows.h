// The rows of a publishing window with all their bytes. Used by the relay's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>

#include "pawl/core/outbox_rows.h"
#include "pawl/relay/publishing_window.h"

namespace pawl::relay {

/// What keeps order for this row. One without key waits for nobody: its value is of its tag alone.
[[nodiscard]] KeyHash key_of(const OutboxRow& row, Tag tag) noexcept;
[[nodiscard]] KeyHash key_of(std::string_view topic, std::string_view key) noexcept;

class WindowRows {
 public:
  /// Rows that came together, with the tags `first`, `first` + 1, …, behind all that are here.
  void add(Tag first, OutboxRows rows);
  [[nodiscard]] const OutboxRow& row(Tag tag) const;
  /// Rows up to this one have left the window.
  void drop_to(Tag tag);
  [[nodiscard]] std::int64_t bytes() const noexcept { return bytes_; }

 private:
  struct Chunk {
    Tag first;
    OutboxRows rows;
  };
  std::deque<Chunk> chunks_;
  std::int64_t bytes_ = 0;
};

}  // namespace pawl::relay
