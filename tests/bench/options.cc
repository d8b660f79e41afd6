#include "bench/options.h"

#include <CLI/CLI.hpp>
#include <map>

namespace pawl::bench {
namespace {

using command_publisher::IdKind;

constexpr int kWrongOptions = 64;  // sysexits.h

constexpr const char* kDescription =
    "Measures pawl-ledger on a real Kafka and a durable PostgreSQL of its own: how many transfers "
    "a "
    "second it works off, what CPU each costs, and how long one takes at 500 a second.";

constexpr const char* kFooter = R"(
Each run has a fresh database and fresh topics. All commands are in the topic before the worker starts.
commands/s counts from the first to the last event, by the broker's clock (LogAppendTime); CPU counts
from the worker's start to its last event. 100,000 commands warm up first. The table gives the median. A run counts only if
its checks hold: money conserved, one effect and one event for each command id, nothing lost, all
published. Other settings of the worker are taken from PAWL_… in the environment.

The floor is what this machine can do at all for the same commands. Before the worker starts, the real
engine and handlers work off the topic over a database in memory, in full batches, and what they ask it is
kept. That is measured three times:
  SQL alone       the batches' statements, on a fresh durable database, from engine.in_flight connections, in the
                  engine's order. The decoding and the deciding are done; the rows are put into parameters on the way,
                  which is about a hundredth of the time.
  broker alone    the commands are fetched as the worker's intake does it, the events published as its relay does it.
  both at once    a batch's events leave when it is committed, the next one's commands come when it has started.
                  That is the floor: commands/s ÷ floor is 1 when the worker's own work costs nothing.
Latency is measured on a stage of its own, with nothing of the throughput's left to write out. Its floor is a bare
client on the same topics: read a command, one INSERT, one COMMIT, publish an event.
"one after the other" is 1 / (1/SQL + 1/broker). When other programs are busy on the machine, the CPU a command says
more than the rates: floor's CPU ÷ commands' CPU is the share that no worker could save.

Exit code: 0 measured and all checks hold, 1 not, 64 wrong options, 130 interrupted.)";

std::filesystem::path beside_this_program(const char* name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

void add_load(CLI::App& app, Options& options) {
  const std::map<std::string, IdKind> ids{{"v7", IdKind::v7}, {"random", IdKind::random}};
  app.add_option("--commands", options.commands, "commands in a run, duplicates included")
      ->check(CLI::Range(100, 50'000'000))
      ->capture_default_str();
  app.add_option("--accounts", options.accounts, "accounts that are used, all alike")
      ->check(CLI::Range(2, 50'000'000))
      ->capture_default_str();
  app.add_option("--partitions", options.partitions, "partitions of both topics")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--ids", options.ids, "message ids: v7 (ordered by time) or random")
      ->transform(CLI::CheckedTransformer(ids, CLI::ignore_case).description(""))
      ->option_text("v7|random [v7]");
  app.add_option("--duplicates", options.duplicates_percent, "repeated commands, in percent")
      ->check(CLI::Range(0.0, 90.0))
      ->capture_default_str();
}

void add_workload(CLI::App& app, Workload& workload) {
  using codec::Encoding;
  const std::map<std::string, Encoding> contents{{"json", Encoding::json},
                                                 {"protobuf", Encoding::protobuf}};
  app.add_flag("--closings",
               workload.closings,
               "CloseMonth commands, whose handler does SQL of its own, instead of transfers; "
               "there is no floor for that");
  app.add_option("--hot", workload.hot_percent, "so much of all account use, in percent, is on …")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_option("--hot-accounts", workload.hot_accounts, "… so many accounts")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--content", workload.content, "payloads: protobuf or json")
      ->transform(CLI::CheckedTransformer(contents, CLI::ignore_case).description(""))
      ->option_text("protobuf|json [protobuf]");
  app.add_option(
         "--payload",
         workload.payload_bytes,
         "payloads are filled up to so many bytes, by a field that no handler knows (20,000 "
         "commands of 32 KiB fill 640 MB of the disk)")
      ->check(CLI::Range(0, 900'000))
      ->option_text("BYTES");
  app.add_option("--failing",
                 workload.failing_every,
                 "one command in so many fails and becomes a dead letter at once (attempts_max "
                 "= 1); there is no floor for that")
      ->check(CLI::Range(2, 1'000'000))
      ->option_text("N");
  const std::map<std::string, Failing> failings{{"constraint", Failing::constraint},
                                                {"decider", Failing::decider}};
  app.add_option("--failing-by",
                 workload.failing_by,
                 "a constraint of the database refuses its row, or its decider throws (in a ledger "
                 "made for that)")
      ->transform(CLI::CheckedTransformer(failings, CLI::ignore_case).description(""))
      ->option_text("constraint|decider [constraint]");
  app.add_option("--held",
                 workload.held_keys,
                 "the keys of so many accounts are held: the first command of each fails again and "
                 "again, what follows is parked, and the others are measured; there is no floor "
                 "for that")
      ->check(CLI::Range(2, 1'000'000))
      ->option_text("N");
  app.add_option("--processes",
                 workload.processes,
                 "so many workers on the same topics and accounts; the floor is one's")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
}

void add_worker(CLI::App& app, Options& options) {
  app.add_option("--in-flight", options.in_flight, "engine.in_flight: batches worked on at once")
      ->check(CLI::Range(1, 3))
      ->capture_default_str();
  app.add_option(
         "--batch", options.batch, "batch.max_commands: commands in one transaction at most")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--worker", options.worker, "the program to measure [pawl-ledger beside this one]")
      ->check(CLI::ExistingFile)
      ->option_text("PATH");
}

void add_measuring(CLI::App& app, Options& options) {
  app.add_option("--runs", options.runs, "how often")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--latency-seconds", options.latency_seconds, "how long latency is measured")
      ->check(CLI::Range(0.5, 3600.0))
      ->capture_default_str();
  app.add_flag(
      "--compare",
      options.compare,
      "after each run one of the plain workload (uniform accounts, Protobuf, no failures, one "
      "process …), and their ratio");
  app.add_flag("!--no-latency", options.latency, "leave latency out");
  app.add_flag("!--no-floor", options.floor, "leave the floor out");
  app.add_flag("--statements",
               options.statements,
               "print where PostgreSQL's time went, from pg_stat_statements (costs a little)");
  app.add_flag("--sweep",
               options.sweep,
               "vary in-flight, partitions and batch, one at a time around what they are set to; "
               "nothing but throughput; half the commands unless --commands says how many");
  app.add_option("--svg", options.svg, "draw the figures into this file (a sweep, or a floor)")
      ->option_text("FILE");
  app.add_option("--json", options.json, "write the figures to this file, too")
      ->option_text("FILE");
}

// What follows from several options together. Throws CLI::ParseError.
void settle(const CLI::App& app, Options& options) {
  const Workload& workload = options.workload;
  if (app.count("--failing-by") > 0 && workload.failing_every == 0) {
    throw CLI::ValidationError("--failing-by", "nothing fails without --failing N");
  }
  if (workload.closings && workload.failing_by == Failing::decider) {
    throw CLI::ValidationError("--failing-by decider", "closings have no decider");
  }
  if (workload.held_keys > 0 && (workload.closings || workload.failing_every > 0)) {
    throw CLI::ValidationError("--held", "goes with transfers, and with nothing else that fails");
  }
  if (workload.held_keys >= options.accounts) {
    throw CLI::ValidationError("--held", "no account is left: raise --accounts");
  }
  const bool throws = workload.held_keys > 0 ||
                      (workload.failing_every > 0 && workload.failing_by == Failing::decider);
  if (options.worker.empty()) {
    options.worker = throws ? PAWL_MOODY_LEDGER : beside_this_program("pawl-ledger");
  }
  options.refusing = workload.failing_every > 0;
  if (workload.failing_every > 0 || workload.held_keys > 0 || workload.closings)
    options.floor = false;
  if (options.sweep && app.count("--commands") == 0) options.commands /= 2;
  if (options.svg.empty() || options.sweep || options.floor) return;
  throw CLI::ValidationError("--svg", "without a floor or a sweep there is nothing to draw");
}

}  // namespace

std::expected<Options, int> parse_options(int argc, char** argv) {
  Options options;
  CLI::App app{kDescription, "pawl-bench"};
  app.footer(kFooter);
  add_load(app, options);
  add_workload(app, options.workload);
  add_worker(app, options);
  add_measuring(app, options);
  try {
    app.parse(argc, argv);
    settle(app, options);
  } catch (const CLI::ParseError& error) {
    return std::unexpected{app.exit(error) == 0 ? 0 : kWrongOptions};
  }
  return options;
}

Options plain(Options options) {
  options.workload = {.closings = options.workload.closings};
  options.compare = false;
  options.latency = false;
  options.floor = false;
  options.statements = false;
  return options;
}

const char* to_string(codec::Encoding content) noexcept {
  switch (content) {
    case codec::Encoding::json:
      return "json";
    case codec::Encoding::protobuf:
      return "protobuf";
  }
  return "impossible";
}

const char* to_string(Failing failing) noexcept {
  switch (failing) {
    case Failing::constraint:
      return "constraint";
    case Failing::decider:
      return "decider";
  }
  return "impossible";
}

const char* to_string(IdKind ids) noexcept {
  switch (ids) {
    case IdKind::v7:
      return "v7";
    case IdKind::random:
      return "random";
  }
  return "impossible";
}

}  // namespace pawl::bench
