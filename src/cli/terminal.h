// Lines that are redrawn in place on a terminal, and plain lines everywhere else.
#pragma once

#include <string>
#include <vector>

namespace pawl::cli {

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

/// One thread at a time. Writes to `descriptor` (1 or 2) as it is; nothing else should write there
/// between two draws.
class Terminal {
 public:
  explicit Terminal(int descriptor);

  /// A terminal that understands cursor movements.
  [[nodiscard]] bool interactive() const noexcept { return interactive_; }
  [[nodiscard]] TerminalSize size() const;

  /// Puts `lines` where the last drawn ones were. On anything but a terminal: appends them.
  void draw(const std::vector<std::string>& lines);
  /// Leaves what is drawn where it is; the next draw() begins below.
  void keep() noexcept { drawn_ = 0; }

 private:
  void write(const std::string& text) const;

  int descriptor_;
  bool interactive_;
  std::size_t drawn_ = 0;  // lines to go up
};

/// Cuts a line at a number of columns. UTF-8 code points count one each; escape sequences (colours)
/// none.
[[nodiscard]] std::string cut(const std::string& line, int columns);

}  // namespace pawl::cli
