// `pawl dead discard` and `pawl dead restore`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_decision.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/dead_letters/change.h"
#include "pawl/dead_letters/letter_json.h"
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
  DeadDecision decision;
  bool all = false;
};

/// How far it came.
struct Outcome {
  std::int64_t count = 0;
  bool complete = true;
};

Outcome change_all(Selected& selected, const Change& change, const Verb& verb) {
  const StopSignal signal;
  Outcome outcome;
  while (!signal.stopped()) {
    const std::int64_t some =
        change_some(selected.connection, selected.filter, change, kLettersMax);
    if (some == 0) return outcome;
    outcome.count += some;
    if (some == kLettersMax) print_error(fmt::format("  {} {}", grouped(outcome.count), verb.past));
  }
  outcome.complete = false;
  return outcome;
}

std::string sentence(const Options& options, const Outcome& outcome, const Verb& verb) {
  const std::string count = grouped(outcome.count);
  if (options.decision.dry_run) return fmt::format("{} would be {}", count, verb.past);
  if (outcome.complete) return fmt::format("{} {}", count, verb.past);
  return fmt::format("stopped: {} {}; the same command goes on", count, verb.past);
}

Outcome carry_out(const Options& options, Selected& selected, const Verb& verb) {
  if (options.decision.dry_run)
    return {dead_letters::Reader{selected.connection}.count(selected.filter)};
  return change_all(selected,
                    {.from = verb.from,
                     .to = verb.to,
                     .action = "dead." + verb.name,
                     .who = options.decision.who,
                     .reason = options.decision.reason},
                    verb);
}

ExitCode change(const Options& options, const Verb& verb, const Invocation& invocation) {
  const std::string program = "pawl dead " + verb.name;
  require_choice(options.selection, options.all, program);
  require_reason(options.decision, program);
  Selected selected{options.selection, invocation, program};
  selected.filter.state = verb.from;
  const Outcome outcome = carry_out(options, selected, verb);
  if (options.decision.json) {
    print(dead_letters::dumped(outcome_json(verb.name,
                                            options.decision,
                                            selected.settings.consumer.name,
                                            selected.filter,
                                            outcome.count,
                                            outcome.complete),
                               2));
  } else {
    print(sentence(options, outcome, verb));
  }
  return outcome.complete ? ExitCode::ok : ExitCode::failed;
}

constexpr const char* kFooter = R"(
Acts on the ids that are given, or on all that fit the options; --dry-run counts them first. Goes 1,000 at a time, each with its
row of audit; stopped half-way (Ctrl-C), the same command goes on.

Exit code: 0 done, 1 stopped, 64 nothing was chosen or no reason given, 75 database away.

Examples:
  pawl dead discard 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --reason "sent by the load test"
  pawl dead discard --group 9c1de0a1b2f34455 --until 2026-11-22 --dry-run
  pawl dead restore --group 9c1de0a1b2f34455 --reason "was the wrong group" --json)";

void add(CLI::App& dead, Invocation& invocation, const char* sentence, Verb verb) {
  CLI::App* command = dead.add_subcommand(verb.name, sentence);
  auto options = std::make_shared<Options>();
  add_ids(*command, options->selection);
  add_selection(*command, options->selection, StateOption::none);
  command->add_flag("--all", options->all, "All of the consumer");
  add_decision(*command, options->decision, invocation);
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
