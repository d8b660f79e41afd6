// Lengths of functions and files. Functions are found by their braces, not by a compiler: good
// enough to keep them short.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "tidy/rules.h"

namespace pawl::tidy {
namespace {

constexpr std::size_t kFunctionLinesMax = 60;
constexpr std::size_t kFileLinesMax = 400;

// The ratchet: what is longer, and how long it may stay. Shrink the number with the function; add
// none lightly.
struct Exception {
  std::string_view path;
  std::string_view function;  // a part of its first line
  std::size_t lines;
};
// A table: one line an entry, and it may grow.
constexpr std::array kExceptions{
    Exception{"src/kafka/failure.cc", "remedy_for", 100},
};

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.remove_suffix(1);
  return text;
}

std::string_view without_template(std::string_view text) {
  if (!text.starts_with("template")) return text;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '<') ++depth;
    if (text[at] == '>' && --depth == 0) return trimmed(text.substr(at + 1));
  }
  return text;
}

enum class Block { scope, function, other };

// What a brace opens, told by the statement before it.
Block kind_of(std::string_view statement, bool in_function) {
  if (in_function) return Block::other;
  auto head = without_template(trimmed(statement));
  if (starts_with_any(head,
                      {"namespace", "inline namespace", "class", "struct", "union", "extern"}))
    return Block::scope;
  if (head.starts_with("enum")) return Block::other;
  return head.contains('(') ? Block::function : Block::other;
}

struct Function {
  std::size_t first_line;
  std::size_t last_line;
  std::string head;
};

class FunctionFinder {
 public:
  explicit FunctionFinder(const SourceFile& file) : file_(file) {}

  std::vector<Function> run() {
    for (line_ = 0; line_ < file_.code.size(); ++line_) {
      if (trimmed(file_.code[line_]).starts_with('#')) continue;
      for (char character : file_.code[line_]) take(character);
      statement_ += ' ';
    }
    return std::move(functions_);
  }

 private:
  void take(char character) {
    if (character == '{') {
      open();
    } else if (character == '}') {
      close();
    } else if (character == ';' && parentheses_ == 0) {
      statement_.clear();
    } else {
      if (trimmed(statement_).empty()) statement_line_ = line_;
      if (character == '(') ++parentheses_;
      if (character == ')') --parentheses_;
      statement_ += character;
    }
  }

  void open() {
    auto kind = kind_of(statement_, in_function_);
    if (kind == Block::function) {
      in_function_ = true;
      functions_.push_back({statement_line_ + 1, 0, file_.lines[statement_line_]});
    }
    blocks_.push_back(kind);
    statement_.clear();
  }

  void close() {
    statement_.clear();
    if (blocks_.empty()) return;
    if (blocks_.back() == Block::function) {
      in_function_ = false;
      functions_.back().last_line = line_ + 1;
    }
    blocks_.pop_back();
  }

  const SourceFile& file_;
  std::size_t line_ = 0;
  std::size_t statement_line_ = 0;
  int parentheses_ = 0;
  std::string statement_;
  bool in_function_ = false;
  std::vector<Block> blocks_;
  std::vector<Function> functions_;
};

std::size_t lines_max(const SourceFile& file, const Function& function) {
  for (const auto& exception : kExceptions) {
    if (file.path == exception.path && function.head.contains(exception.function))
      return exception.lines;
  }
  return kFunctionLinesMax;
}

}  // namespace

std::vector<Fault> broken_length_rules(const SourceFile& file) {
  std::vector<Fault> faults;
  if (!file.is_cpp()) return faults;
  if (file.lines.size() > kFileLinesMax) {
    faults.push_back({file.path,
                      kFileLinesMax + 1,
                      "expected at most 400 lines, got: " + std::to_string(file.lines.size()) +
                          ". Move one idea into a file of its own"});
  }
  for (const auto& function : FunctionFinder{file}.run()) {
    auto length =
        function.last_line < function.first_line ? 0 : function.last_line - function.first_line + 1;
    auto max = lines_max(file, function);
    if (length <= max) continue;
    faults.push_back({file.path,
                      function.first_line,
                      "expected a function of at most " + std::to_string(max) +
                          " lines, got: " + std::to_string(length) +
                          ". Make it a list of verbs, each verb a function below it"});
  }
  return faults;
}

}  // namespace pawl::tidy
