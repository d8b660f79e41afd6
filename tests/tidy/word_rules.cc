// Words and calls that have a better replacement.
#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <string_view>

#include "tidy/rules.h"

namespace pawl::tidy {
namespace {

enum class In { cpp_code, cpp_of_src, cmake, everything };

struct WordRule {
  const char* pattern;
  In where;
  std::string_view except;  // a path that begins so is free of the rule
  const char* instead;
};

constexpr std::array kRules{
    WordRule{R"(\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\()",
             In::cpp_code,
             "tests/support/eventually.cc",
             "nothing sleeps: wait for the condition (a condition variable with a deadline; in "
             "tests eventually())"},
    WordRule{R"(\bstd::(cout|cerr|clog)\b)",
             In::cpp_of_src,
             "src/cli/",
             "only src/cli talks to the terminal: log through pawl/observe"},
    WordRule{R"(\bsystem\s*\()",
             In::cpp_code,
             "",
             "no shell between us and a program: start it directly"},
    WordRule{R"(file\s*\(\s*GLOB)",
             In::cmake,
             "",
             "name the sources: a CMake file is a table of contents"},
    WordRule{R"(\b(FetchContent_|ExternalProject_|file\s*\(\s*DOWNLOAD))",
             In::cmake,
             "",
             "nothing is downloaded while CMake runs: take a Debian package (list in ./dev)"},
    WordRule{R"((^|[^\w.}/-])/(home|root|Users|work|workspace|builds)/\w)",
             In::everything,
             "",
             "no path of somebody's machine: make it relative, or a setting"},
    WordRule{R"(\b(TODO|FIXME|XXX)\b)",
             In::everything,
             "",
             "do it, or write an issue; no notes to ourselves in the code"},
};

bool concerns(const WordRule& rule, const SourceFile& file) {
  if (file.under("tests/tidy/")) return false;  // it must name what it forbids
  if (!rule.except.empty() && file.under(rule.except)) return false;
  switch (rule.where) {
    case In::cpp_code:
      return file.is_cpp();
    case In::cpp_of_src:
      return file.is_cpp() && file.under("src/");
    case In::cmake:
      return file.is_cmake();
    case In::everything:
      return true;
  }
  return false;
}

// Paths stand in literals and notes in comments; calls are looked for in code only.
const std::vector<std::string>& searched(const WordRule& rule, const SourceFile& file) {
  return rule.where == In::everything ? file.lines : file.code;
}

}  // namespace

std::vector<Fault> broken_word_rules(const SourceFile& file) {
  std::vector<Fault> faults;
  for (const auto& rule : kRules) {
    if (!concerns(rule, file)) continue;
    const std::regex pattern{rule.pattern};
    const auto& lines = searched(rule, file);
    for (std::size_t index = 0; index < lines.size(); ++index) {
      std::smatch match;
      if (!std::regex_search(lines[index], match, pattern)) continue;
      faults.push_back({file.path, index + 1, "found \"" + match.str() + "\"; " + rule.instead});
    }
  }
  return faults;
}

}  // namespace pawl::tidy
