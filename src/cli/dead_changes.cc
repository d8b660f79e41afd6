// `pawl dead discard` and `pawl dead restore`.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>

#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/dead_letters/change.h"
#include "pawl/dead_letters/reader.h"

namespace pawl::cli {
namespace {

using dead_letters::Change;
using dead_letters::State;

constexpr std::int64_t kLettersMax = 1000;  // of one transaction

/// What one of the two subcommands does.
struct Verb {
  std::string name;  // "discard"
  std::string past;  // "discarded"
  State from;
  State to;
};

struct Options {
  DeadSelection selection;
  std::string reason;
  std::string who;
  bool all = false;
  bool dry_run = false;
};

std::string this_operator(const std::map<std::string, std::string>& environment) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const auto user = environment.find("USER");
  return fmt::format("{}@{}",
                     user == environment.end() ? fmt::format("uid {}", getuid()) : user->second,
                     host.data());
}

void require_choice(const Options& options, const std::string& program) {
  if (options.selection.narrows() || options.all) return;
  throw Complaint(
      ExitCode::usage,
      fmt::format("{}: which ones? Give ids, --group, --type, --key, --since or --until, or --all",
                  program));
}

ExitCode change_all(Selected& selected, const Change& change, const Verb& verb) {
  const StopSignal signal;
  std::int64_t changed = 0;
  while (!signal.stopped()) {
    const std::int64_t some =
        change_some(selected.connection, selected.filter, change, kLettersMax);
    if (some == 0) {
      print(fmt::format("{} {}", grouped(changed), verb.past));
      return ExitCode::ok;
    }
    changed += some;
    if (some == kLettersMax) print_error(fmt::format("  {} {}", grouped(changed), verb.past));
  }
  print(fmt::format("stopped: {} {}; the same command goes on", grouped(changed), verb.past));
  return ExitCode::failed;
}

ExitCode change(const Options& options, const Verb& verb, const Invocation& invocation) {
  const std::string program = "pawl dead " + verb.name;
  require_choice(options, program);
  if (options.reason.empty() && !options.dry_run)
    throw Complaint(ExitCode::usage, program + ": say why with --reason; it is kept in the audit");
  Selected selected{options.selection, invocation, program};
  if (options.dry_run) {
    selected.filter.state = verb.from;
    const std::int64_t count = dead_letters::Reader{selected.connection}.count(selected.filter);
    print(fmt::format("{} would be {}", grouped(count), verb.past));
    return ExitCode::ok;
  }
  return change_all(selected,
                    {.from = verb.from,
                     .to = verb.to,
                     .action = "dead." + verb.name,
                     .who = options.who,
                     .reason = options.reason},
                    verb);
}

constexpr const char* kFooter = R"(
Acts on the ids that are given, or on all that fit the options; --dry-run counts them first. Goes 1,000 at a time, each with its
row of audit; stopped half-way (Ctrl-C), the same command goes on.

Exit code: 0 done, 1 stopped, 64 nothing was chosen or no reason given, 75 database away.

Examples:
  pawl dead discard 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --reason "sent by the load test"
  pawl dead discard --group 9c1de0a1b2f34455 --until 2026-11-22 --dry-run
  pawl dead restore --group 9c1de0a1b2f34455 --reason "was the wrong group")";

void add(CLI::App& dead, Invocation& invocation, const char* sentence, Verb verb) {
  CLI::App* command = dead.add_subcommand(verb.name, sentence);
  auto options = std::make_shared<Options>();
  options->who = this_operator(invocation.environment);
  add_ids(*command, options->selection);
  add_selection(*command, options->selection, StateOption::none);
  command->add_flag("--all", options->all, "All of the consumer");
  command->add_option("--reason", options->reason, "Why, for the audit")->type_name("TEXT");
  command->add_option("--who", options->who, "Who, for the audit")
      ->type_name("TEXT")
      ->capture_default_str();
  command->add_flag("--dry-run", options->dry_run, "Only say how many");
  command->footer(kFooter);
  command->callback([options, verb = std::move(verb), &invocation] {
    invocation.action = [options, verb, &invocation] { return change(*options, verb, invocation); };
  });
}

}  // namespace

void add_dead_discard(CLI::App& dead, Invocation& invocation) {
  add(dead,
      invocation,
      "Settle them: they stay dead, and out of lists",
      {"discard", "discarded", State::dead, State::discarded});
}

void add_dead_restore(CLI::App& dead, Invocation& invocation) {
  add(dead,
      invocation,
      "Take a discard back",
      {"restore", "restored", State::discarded, State::dead});
}

}  // namespace pawl::cli
