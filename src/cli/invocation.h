// One call of the program: what was asked for, and where its words go.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "pawl/cli/exit_code.h"

namespace CLI {
class App;
}

namespace pawl::cli {

/// A sentence for the person at the terminal, with the code to end with. For what no edge has a
/// Failure for.
class Complaint : public std::runtime_error {
 public:
  Complaint(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

/// Owned by main. A subcommand puts its work into `action` when it was chosen; nothing runs while
/// arguments are parsed.
struct Invocation {
  std::map<std::string, std::string> environment;
  std::function<ExitCode()> action;
};

/// Parses, then runs the chosen action. Everything that is thrown becomes one line on standard
/// error and an exit code.
[[nodiscard]] int run(CLI::App& app, Invocation& invocation, int argc, char** argv);

/// Result lines go to standard output, everything about the way there to standard error.
void print(const std::string& text);
void print(const std::vector<std::string>& lines);
void print_error(const std::string& text);

}  // namespace pawl::cli
