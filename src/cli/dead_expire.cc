// `pawl dead expire`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/consumer_number.h"
#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_decision.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/dead_letters/archive_folder.h"
#include "pawl/dead_letters/expiry.h"
#include "pawl/dead_letters/letter_json.h"
#include "pawl/dead_letters/reader.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using dead_letters::ArchiveFolder;
using dead_letters::Expired;
using dead_letters::Expiry;
using dead_letters::State;

constexpr const char* kProgram = "pawl dead expire";
constexpr std::chrono::milliseconds kTurnWait = 200ms;  // for another process's transaction

struct Options {
  DeadSelection selection;
  DeadDecision decision;
  std::string older_than;
  std::optional<std::string> archive;
};

/// How far it came.
struct Outcome {
  Expired expired;
  bool complete = true;
};

WallTime before(const Options& options, WallTime now) {
  if (options.older_than.empty())
    throw Complaint(ExitCode::usage,
                    fmt::format("{}: which ones? Give --older-than, such as 30d", kProgram));
  if (const auto moment = parse_moment(options.older_than, now)) return *moment;
  throw Complaint(ExitCode::usage,
                  fmt::format("{}: --older-than \"{}\"; expected 90s, 30m, 2h or 30d, or a time in "
                              "UTC such as 2026-11-22 or 2026-11-22T08:30:00Z",
                              kProgram,
                              options.older_than));
}

Outcome count(Selected& selected) {
  dead_letters::Reader reader{selected.connection};
  const auto in = [&](State state) {
    dead_letters::Filter filter = selected.filter;
    if (filter.state && filter.state != state) return std::int64_t{0};
    filter.state = state;
    return reader.count(filter);
  };
  return {{in(State::dead), in(State::redriven), in(State::discarded)}};
}

Outcome expire_all(Selected& selected, const Expiry& expiry) {
  StopSignal signal;
  Outcome outcome;
  while (!signal.stopped()) {
    const auto some = expire_some(selected.connection, expiry);
    if (!some) {
      signal.wait(kTurnWait);
    } else if (some->total() == 0) {
      return outcome;
    } else {
      outcome.expired += *some;
      print_error(fmt::format("  {} expired", grouped(outcome.expired.total())));
    }
  }
  outcome.complete = false;
  return outcome;
}

std::string sentence(const Options& options, const Outcome& outcome) {
  const Expired& expired = outcome.expired;
  const std::string by_state = fmt::format("{} ({} dead, {} redriven, {} discarded)",
                                           grouped(expired.total()),
                                           grouped(expired.dead),
                                           grouped(expired.redriven),
                                           grouped(expired.discarded));
  if (options.decision.dry_run) return by_state + " would expire";
  if (outcome.complete) return by_state + " expired";
  return fmt::format("stopped: {} expired; the same command goes on", by_state);
}

void tell(const Options& options,
          const Selected& selected,
          const Outcome& outcome,
          const std::string& archive) {
  if (!options.decision.json) return print(sentence(options, outcome));
  auto json = outcome_json("expire",
                           options.decision,
                           selected.settings.consumer.name,
                           selected.filter,
                           outcome.expired.total(),
                           outcome.complete);
  json["dead"] = outcome.expired.dead;
  json["redriven"] = outcome.expired.redriven;
  json["discarded"] = outcome.expired.discarded;
  json["archive"] =
      archive.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(archive);
  print(dead_letters::dumped(json, 2));
}

ExitCode expire(const Options& options, const Invocation& invocation) {
  const SystemClock clock;
  const WallTime until = before(options, clock.wall());
  require_reason(options.decision, kProgram);
  Selected selected{options.selection, invocation, kProgram};
  selected.filter.until = until;
  const config::Settings& settings = selected.settings;
  const std::string folder = options.archive.value_or(settings.dead_letters.archive);
  ArchiveFolder archive{folder, settings.consumer.name, clock};
  if (!folder.empty()) archive.check();
  const Expiry expiry{.filter = selected.filter,
                      .who = options.decision.who,
                      .reason = options.decision.reason,
                      .archive = folder.empty() ? nullptr : &archive};
  const Outcome outcome = options.decision.dry_run ? count(selected) : expire_all(selected, expiry);
  tell(options, selected, outcome, folder);
  return outcome.complete ? ExitCode::ok : ExitCode::failed;
}

constexpr const char* kFooter = R"(
Deletes them for good, whatever became of them unless --state says otherwise; the consumer does the same to what is older than
dead_letters.retention. With an archive (--archive, or dead_letters.archive) they are written there first, as `pawl dead export`
prints them, to CONSUMER-dead-letters-DAY.jsonl; killed in between, it archives some of them twice. Goes up to 1,000 at a time, each
with its row of audit; stopped half-way (Ctrl-C), the same command goes on.

Exit code: 0 done, 1 stopped or the archive cannot be written, 64 no --older-than or no reason given, 75 database away.

Examples:
  pawl dead expire --older-than 30d --dry-run
  pawl dead expire --older-than 7d --state discarded --archive /var/lib/pawl/archive --reason "settled long ago")";

}  // namespace

void add_dead_expire(CLI::App& dead, Invocation& invocation) {
  CLI::App* command = dead.add_subcommand("expire", "Delete old ones, archived first");
  auto options = std::make_shared<Options>();
  add_origin(*command, options->selection);
  command->add_option("--older-than", options->older_than, "Last failed before (30d, 2026-11-22)")
      ->type_name("TIME");
  add_state(*command, options->selection, "all");
  command
      ->add_option("--archive",
                   options->archive,
                   "Folder to write them to first; \"\": none (default: dead_letters.archive)")
      ->type_name("FOLDER");
  add_decision(*command, options->decision, invocation);
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return expire(*options, invocation); };
  });
}

}  // namespace pawl::cli
