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
  app.add_flag("!--no-latency", options.latency, "leave latency out");
  app.add_flag("!--no-floor", options.floor, "leave the floor out");
  app.add_flag("--statements",
               options.statements,
               "print where PostgreSQL's time went, from pg_stat_statements (costs a little)");
  app.add_option("--json", options.json, "write the figures to this file, too")
      ->option_text("FILE");
}

}  // namespace

std::expected<Options, int> parse_options(int argc, char** argv) {
  Options options;
  CLI::App app{kDescription, "pawl-bench"};
  app.footer(kFooter);
  add_load(app, options);
  add_worker(app, options);
  add_measuring(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected{app.exit(error) == 0 ? 0 : kWrongOptions};
  }
  if (options.worker.empty()) options.worker = beside_this_program("pawl-ledger");
  return options;
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
