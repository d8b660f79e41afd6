#include "pawl/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace pawl::cli {
namespace {

constexpr std::string_view kClearToEnd = "\x1b[K";

bool understands_movement(int descriptor) {
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) == 1 && kind != nullptr && std::string_view{kind} != "dumb";
}

}  // namespace

Terminal::Terminal(int descriptor)
    : descriptor_(descriptor), interactive_(understands_movement(descriptor)) {}

TerminalSize Terminal::size() const {
  winsize size{};
  if (ioctl(descriptor_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_col, size.ws_row};
}

void Terminal::draw(const std::vector<std::string>& lines) {
  std::string text;
  if (interactive_) {
    if (drawn_ > 0) text += "\x1b[" + std::to_string(drawn_) + "A";
    const int columns = size().columns;
    for (const std::string& line : lines)
      text += "\r" + cut(line, columns) + std::string{kClearToEnd} + "\n";
    text += "\x1b[J";  // a shorter drawing leaves nothing of the longer one
    drawn_ = lines.size();
  } else {
    for (const std::string& line : lines) text += line + "\n";
  }
  write(text);
}

void Terminal::write(const std::string& text) const {
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written <= 0) return;  // nobody looks any more
    left.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string cut(const std::string& line, int columns) {
  int seen = 0;
  bool escape = false;
  std::string kept;
  for (const char c : line) {
    if (c == '\x1b') escape = true;
    const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (!escape && begins && ++seen > columns) return kept + "\x1b[0m";
    kept += c;
    if (escape && c == 'm') escape = false;
  }
  return kept;
}

}  // namespace pawl::cli
