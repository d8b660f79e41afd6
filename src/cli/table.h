// Columns of text.
#pragma once

#include <string>
#include <vector>

namespace pawl::cli {

/// First column to the left, all others to the right, two blanks in between.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}

  void add_column(std::string head) { rows_.front().push_back(std::move(head)); }
  /// As many cells as the head has.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// For texts: all columns to the left.
  void left_aligned() { left_ = true; }

  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] std::vector<std::string> lines_without_head() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  bool left_ = false;
};

}  // namespace pawl::cli
