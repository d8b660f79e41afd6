#include "pawl/cli/table.h"

#include <algorithm>

namespace pawl::cli {
namespace {

// What a terminal shows of UTF-8 text: a column for each code point.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t columns, bool left) {
  const std::string blanks(columns - width(text), ' ');
  return left ? text + blanks : blanks + text;
}

}  // namespace

std::vector<std::string> Table::lines() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], width(row.at(i)));
  }
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      line += (i > 0 ? "  " : "") + padded(row[i], widths[i], left_ || i == 0);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> Table::lines_without_head() const {
  std::vector<std::string> all = lines();
  all.erase(all.begin());
  return all;
}

}  // namespace pawl::cli
