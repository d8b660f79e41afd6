// `pawl outbox retry` and `pawl outbox discard`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/dead_decision.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/outbox_commands.h"
#include "pawl/cli/outbox_selection.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/dead_letters/letter_json.h"
#include "pawl/held_events/change.h"

namespace pawl::cli {
namespace {

using dead_letters::dumped;

using held_events::Counts;
using held_events::Reader;
using nlohmann::ordered_json;

constexpr std::int64_t kEventsMax = 1000;  // of one transaction

struct Options {
  OutboxSelection selection;
  DeadDecision decision;
  bool all = false;
};

/// How far it came.
struct Outcome {
  std::int64_t count = 0;
  std::int64_t left = 0;  // chosen and not done
  bool stopped = false;
};

void require_choice(const Options& options, const std::string& program) {
  if (!options.selection.ids.empty() || options.selection.filter.narrows() || options.all) return;
  throw Complaint(
      ExitCode::usage,
      fmt::format("{}: which ones? Give ids, --topic, --key or --code, or --all", program));
}

held_events::Decision audited(const Options& options) {
  return {.who = options.decision.who, .reason = options.decision.reason};
}

ExitCode tell(const std::string& action,
              const Options& options,
              const SelectedEvents& selected,
              const Outcome& outcome,
              const std::string& sentence) {
  if (options.decision.json) {
    ordered_json json;
    json["action"] = action;
    json["dry_run"] = options.decision.dry_run;
    json["count"] = outcome.count;
    json["left"] = outcome.left;
    json["filter"] = ordered_json::parse(to_json(selected.filter));
    json["reason"] = options.decision.reason;
    json["who"] = options.decision.who;
    print(dumped(json, 2));
  } else {
    print(sentence);
  }
  const bool done = outcome.left == 0 && !outcome.stopped;
  return done || options.decision.dry_run ? ExitCode::ok : ExitCode::failed;
}

// What waits is left over only if nothing is tried: it follows what it waits for.
ExitCode retry(const Options& options, const Invocation& invocation) {
  const std::string program = "pawl outbox retry";
  require_choice(options, program);
  SelectedEvents selected{options.selection, invocation, program};
  const Counts counts = Reader{selected.connection}.count(selected.filter);
  if (options.decision.dry_run) {
    return tell("retry",
                options,
                selected,
                {.count = counts.refused},
                fmt::format("{} would be tried again", grouped(counts.refused)));
  }
  const std::int64_t tried = retry(selected.connection, selected.filter, audited(options));
  const bool only_waiting = tried == 0 && counts.events > counts.refused;
  return tell(
      "retry",
      options,
      selected,
      {.count = tried, .left = only_waiting ? counts.events : 0},
      only_waiting
          ? fmt::format("none of the {} chosen can be tried: they wait behind others of "
                        "their keys, which `pawl outbox list --refused` has",
                        grouped(counts.events))
          : fmt::format("{} are tried again by the active relay, within a second", grouped(tried)));
}

Outcome discard_all(SelectedEvents& selected, const held_events::Decision& decision) {
  const StopSignal signal;
  Outcome outcome;
  while (!signal.stopped()) {
    const std::int64_t some =
        discard_some(selected.connection, selected.filter, decision, kEventsMax);
    if (some == 0) {
      outcome.left = Reader{selected.connection}.count(selected.filter).events;
      return outcome;
    }
    outcome.count += some;
    if (some == kEventsMax) print_error(fmt::format("  {} discarded", grouped(outcome.count)));
  }
  outcome.stopped = true;
  return outcome;
}

std::string sentence_of(const Outcome& outcome) {
  if (outcome.stopped)
    return fmt::format("stopped: {} discarded; the same command goes on", grouped(outcome.count));
  if (outcome.left == 0) return fmt::format("{} discarded", grouped(outcome.count));
  return fmt::format(
      "{} discarded; {} not yet, because the relay would read them again from the outbox if it "
      "died "
      "now: the same command, a moment later",
      grouped(outcome.count),
      grouped(outcome.left));
}

ExitCode discard(const Options& options, const Invocation& invocation) {
  const std::string program = "pawl outbox discard";
  require_choice(options, program);
  require_reason(options.decision, program);
  SelectedEvents selected{options.selection, invocation, program};
  if (options.decision.dry_run) {
    const Counts counts = Reader{selected.connection}.count(selected.filter);
    return tell("discard",
                options,
                selected,
                {.count = counts.events},
                fmt::format("{} would be discarded", grouped(counts.events)));
  }
  const Outcome outcome = discard_all(selected, audited(options));
  return tell("discard", options, selected, outcome, sentence_of(outcome));
}

constexpr const char* kRetryFooter = R"(
For when what they failed of has been mended. What waits behind them follows, in order. Without this command the relay tries them again by
itself, within an hour at the latest.

Examples:
  pawl outbox retry --config ledger.toml --topic ledger.events
  pawl outbox retry --code MSG_SIZE_TOO_LARGE --reason "max.message.bytes raised")";

constexpr const char* kDiscardFooter = R"(
They are never published, and cannot be had back: `pawl outbox show --json` first. What waits behind them goes on. Chosen by --topic or --key,
those that only wait are discarded, too; by --code they are not. One that is being tried at this moment may still be published.

Exit code: 0 done, 1 stopped or not all yet, 64 nothing was chosen or no reason given, 75 database away.

Examples:
  pawl outbox discard 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --reason "5 MB memo, agreed with the readers"
  pawl outbox discard --topic ledger.evnts --dry-run)";

using Action = ExitCode (*)(const Options&, const Invocation&);

void add(CLI::App& outbox,
         Invocation& invocation,
         const char* name,
         const char* sentence,
         const char* footer,
         Action action) {
  CLI::App* command = outbox.add_subcommand(name, sentence);
  auto options = std::make_shared<Options>();
  add_ids(*command, options->selection);
  add_selection(*command, options->selection);
  command->add_flag("--all", options->all, "All that are held");
  add_decision(*command, options->decision, invocation);
  command->footer(footer);
  command->callback([options, action, &invocation] {
    invocation.action = [options, action, &invocation] { return action(*options, invocation); };
  });
}

}  // namespace

void add_outbox_retry(CLI::App& outbox, Invocation& invocation) {
  add(outbox, invocation, "retry", "Try them again now", kRetryFooter, retry);
}

void add_outbox_discard(CLI::App& outbox, Invocation& invocation) {
  add(outbox, invocation, "discard", "Give them up", kDiscardFooter, discard);
}

}  // namespace pawl::cli
