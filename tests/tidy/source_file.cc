#include "tidy/source_file.h"

#include <utility>

namespace pawl::tidy {
namespace {

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// Blanks comments and the inside of literals; newlines stay, so line numbers do too.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), result_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        blank_until("\n", 0);
      } else if (starts("/*")) {
        blank_until("*/", 2);
      } else if (starts("R\"")) {
        blank_raw_literal();
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !in_number())) {
        blank_literal();
      } else {
        ++at_;
      }
    }
    return result_;
  }

 private:
  [[nodiscard]] bool starts(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }

  // 60'000 is no character literal.
  [[nodiscard]] bool in_number() const {
    return at_ > 0 && std::string_view{"0123456789abcdefABCDEF"}.contains(text_[at_ - 1]);
  }

  void blank(std::size_t end) {
    for (; at_ < end && at_ < text_.size(); ++at_) {
      if (text_[at_] != '\n') result_[at_] = ' ';
    }
  }

  void blank_until(std::string_view end, std::size_t taken) {
    auto found = text_.find(end, at_);
    blank(found == std::string_view::npos ? text_.size() : found + taken);
  }

  void blank_raw_literal() {
    auto open = text_.find('(', at_);
    if (open == std::string_view::npos) open = text_.size() - 1;
    auto end = ")" + std::string{text_.substr(at_ + 2, open - at_ - 2)} + "\"";
    blank_until(end, end.size());
  }

  void blank_literal() {
    char quote = text_[at_];
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    ++at_;  // the quotes stay
    blank(end);
    ++at_;
  }

  std::string_view text_;
  std::string result_;
  std::size_t at_ = 0;
};

}  // namespace

SourceFile source_file(std::string path, std::string_view text) {
  SourceFile file{std::move(path), split_lines(text), {}};
  file.code = file.is_cpp() ? split_lines(Blanker{text}.run()) : file.lines;
  return file;
}

}  // namespace pawl::tidy
