// `pawl dead redrive`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "pawl/cli/bytes_text.h"
#include "pawl/cli/dead_commands.h"
#include "pawl/cli/dead_decision.h"
#include "pawl/cli/dead_edit.h"
#include "pawl/cli/dead_selection.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/patiently.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/cli/table.h"
#include "pawl/dead_letters/letter_json.h"
#include "pawl/dead_letters/redrive.h"

namespace pawl::cli {
namespace {

using dead_letters::Redrive;
using dead_letters::RedrivePlan;
using nlohmann::ordered_json;

constexpr std::int64_t kLettersMax = 1000;  // of one transaction
constexpr int kKeysShown = 10;

struct Options {
  DeadSelection selection;
  DeadDecision decision;
  bool all = false;
  std::int64_t pace = 500;  // letters a second; 0: as fast as can be
  int redrives_max = 5;
  std::optional<std::string> edit;  // file of the corrected command; none: as they are
};

struct Outcome {
  std::int64_t count = 0;
  bool complete = true;
};

Outcome hand_back_all(Selected& selected, const Redrive& redrive, std::int64_t pace) {
  StopSignal signal;
  Outcome outcome;
  const std::int64_t at_once =
      pace == 0 ? kLettersMax : std::clamp<std::int64_t>(pace, 1, kLettersMax);
  for (;;) {
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t some =
        patiently([&] { return redrive_some(selected.connection, redrive, at_once); });
    if (some == 0) return outcome;
    outcome.count += some;
    if (some < at_once) continue;
    print_error(fmt::format("  {} handed back", grouped(outcome.count)));
    const auto due =
        begin + std::chrono::nanoseconds{pace == 0 ? 0 : some * std::int64_t{1'000'000'000} / pace};
    if (signal.stopped() || signal.wait(std::max(due - std::chrono::steady_clock::now(),
                                                 std::chrono::steady_clock::duration{})))
      break;
  }
  outcome.complete = false;
  return outcome;
}

std::string key_text(const RedrivePlan::Key& key) {
  return key.key ? bytes_text(key.key) : "without key, each by itself";
}

void print_plan(const RedrivePlan& plan, int redrives_max) {
  print(fmt::format(
      "{} would be handed back, of {} keys", grouped(plan.letters), grouped(plan.keys)));
  if (plan.capped > 0)
    print(fmt::format("{} would not: handed back {} times already (--redrives-max)",
                      grouped(plan.capped),
                      redrives_max));
  if (plan.largest.empty()) return;
  print("each key in the order of its offsets, behind what is parked of it:");
  Table table{{"key", "lane", "letters", "offsets", "parked before"}};
  for (const RedrivePlan::Key& key : plan.largest) {
    table.add({key_text(key),
               fmt::format("{}/{}", key.topic, key.partition),
               grouped(key.letters),
               fmt::format("{} to {}", key.first_offset, key.last_offset),
               grouped(key.parked)});
  }
  print(table.lines());
  if (plan.keys > std::ssize(plan.largest))
    print(fmt::format("… and {} more", grouped(plan.keys - std::ssize(plan.largest))));
}

ordered_json keys_json(const RedrivePlan& plan) {
  ordered_json keys = ordered_json::array();
  for (const RedrivePlan::Key& key : plan.largest) {
    keys.push_back({{"topic", key.topic},
                    {"partition", key.partition},
                    {"key", dead_letters::bytes_json(key.key)},
                    {"letters", key.letters},
                    {"first_offset", key.first_offset},
                    {"last_offset", key.last_offset},
                    {"parked", key.parked}});
  }
  return keys;
}

ExitCode redrive(const Options& options, const Invocation& invocation) {
  const std::string program = "pawl dead redrive";
  require_choice(options.selection, options.all, program);
  require_reason(options.decision, program);
  Selected selected{options.selection, invocation, program};
  const Redrive redrive{
      selected.filter, options.decision.who, options.decision.reason, options.redrives_max};
  const bool dry_run = options.decision.dry_run;
  const RedrivePlan plan = plan_redrive(selected.connection, redrive, kKeysShown);
  const Outcome outcome =
      dry_run ? Outcome{plan.letters} : hand_back_all(selected, redrive, options.pace);
  if (options.decision.json) {
    ordered_json json = outcome_json("redrive",
                                     options.decision,
                                     selected.settings.consumer.name,
                                     selected.filter,
                                     outcome.count,
                                     outcome.complete);
    json["capped"] = plan.capped;
    if (dry_run) json["largest_keys"] = keys_json(plan);
    print(dead_letters::dumped(json, 2));
  } else if (dry_run) {
    print_plan(plan, options.redrives_max);
  } else {
    print(fmt::format("{}{} handed back{}",
                      outcome.complete ? "" : "stopped: ",
                      grouped(outcome.count),
                      outcome.complete ? "" : "; the same command goes on"));
    if (plan.capped > 0)
      print(fmt::format("{} were not: handed back {} times already (--redrives-max)",
                        grouped(plan.capped),
                        options.redrives_max));
  }
  return outcome.complete ? ExitCode::ok : ExitCode::failed;
}

DeadEdit edit_of(const Options& options) {
  return {.selection = options.selection,
          .decision = options.decision,
          .file = *options.edit,
          .all = options.all,
          .redrives_max = options.redrives_max};
}

constexpr const char* kFooter = R"(
Hands dead letters back to their consumer: each goes behind what is parked of its key and is tried at once, as if it had just come, with
all attempts before it. What has completed meanwhile (a twin with the same id) is not done again. A command that dies again is a new dead
letter, and is not handed back more often than --redrives-max. Goes --pace at a time, each with its row of audit; stopped half-way
(Ctrl-C) or killed, the same command goes on.

With --edit one of them goes back corrected, as a new command: FILE has all of it in Protobuf's JSON form, as `pawl dead show ID --json`
prints it under "command". It is checked against its type first; --dry-run shows what changes. It gets a new id, which the dead letter
keeps, and names the original in the headers pawl_edited_from and ce_causationid. Key, place and other headers stay; a structured event
becomes a binary one with the attributes that Pawl reads. The old id stays dead: a repeat of it is a duplicate. What a twin of the same
id has ended is not edited. Off unless dead_letters.allow_edit is true.

Exit code: 0 done, 1 stopped, or the one to be edited cannot go; 64 nothing was chosen, no reason given or the JSON does not fit the
type; 75 database away; 78 editing is off.

Examples:
  pawl dead redrive 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --reason "account opened by hand"
  pawl dead redrive --group 9c1de0a1b2f34455 --dry-run
  pawl dead redrive --group 9c1de0a1b2f34455 --pace 50 --reason "the account service is back"
  pawl dead show 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --json | jq .command > command.json
  pawl dead redrive 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11 --edit command.json --reason "the account was mistyped")";

}  // namespace

void add_dead_redrive(CLI::App& dead,
                      Invocation& invocation,
                      std::vector<const codec::CommandType*> types) {
  CLI::App* command = dead.add_subcommand("redrive", "Hand them back to their consumer");
  auto options = std::make_shared<Options>();
  add_ids(*command, options->selection);
  add_selection(*command, options->selection, StateOption::none);
  command->add_flag("--all", options->all, "All of the consumer");
  command->add_option("--pace", options->pace, "Letters a second; 0: as fast as can be")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}))
      ->capture_default_str();
  command->add_option("--redrives-max", options->redrives_max, "Not what was handed back so often")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--edit",
                   options->edit,
                   "Hand one back corrected: this JSON is its command; - is standard input")
      ->type_name("FILE");
  add_decision(*command, options->decision, invocation);
  command->footer(kFooter);
  command->callback([options, types = std::move(types), &invocation] {
    invocation.action = [options, types, &invocation] {
      return options->edit ? redrive_edited(edit_of(*options), types, invocation)
                           : redrive(*options, invocation);
    };
  });
}

}  // namespace pawl::cli
