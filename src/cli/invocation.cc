#include "pawl/cli/invocation.h"

#include <CLI/CLI.hpp>

#include "pawl/core/failure.h"

namespace pawl::cli {
namespace {

// Broker or database away: the same command may work in a minute.
ExitCode code_of(const Failure& failure) {
  switch (failure.remedy()) {
    case Remedy::rerun_now:
    case Remedy::reconnect_and_rerun:
      return ExitCode::unavailable;
    case Remedy::retry_later:
    case Remedy::give_up:
      return ExitCode::failed;
  }
  return ExitCode::failed;
}

// Asked here and not by the parser, which would say so before it names a word that it does not
// know.
void require_subcommands(const CLI::App& app) {
  if (app.get_subcommands([](const CLI::App*) { return true; }).empty()) return;
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) throw CLI::RequiredError("A subcommand");
  require_subcommands(*chosen.front());
}

ExitCode act(const Invocation& invocation) {
  try {
    return invocation.action();
  } catch (const Complaint& complaint) {
    print_error(complaint.what());
    return complaint.code();
  } catch (const Failure& failure) {
    print_error(std::string("pawl: ") + failure.what());
    return code_of(failure);
  } catch (const std::exception& error) {
    print_error(std::string("pawl: ") + error.what());
    return ExitCode::failed;
  }
}

}  // namespace

int run(CLI::App& app, Invocation& invocation, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    require_subcommands(app);
  } catch (const CLI::ParseError& error) {
    const bool fine = app.exit(error) == 0;  // --help
    return static_cast<int>(fine ? ExitCode::ok : ExitCode::usage);
  }
  return static_cast<int>(act(invocation));
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!text.ends_with('\n')) std::fputc('\n', stdout);
  std::fflush(stdout);
}

void print(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  print(text);
}

void print_error(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (!text.ends_with('\n')) std::fputc('\n', stderr);
}

}  // namespace pawl::cli
