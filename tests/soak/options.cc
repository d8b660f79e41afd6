#include "soak/options.h"

#include <CLI/CLI.hpp>
#include <random>

#include "soak/fault.h"

namespace pawl::soak {
namespace {

constexpr int kWrongOptions = 64;  // sysexits.h

constexpr const char* kDescription =
    "Runs pawl-ledger on a real Kafka and a real PostgreSQL of its own at a steady rate, with a "
    "random fault every few seconds, and then checks every promise and that nothing has grown.";

constexpr const char* kFooter = R"(
Worker 1 is never ended by a fault, so that a leak has time to show: its memory and descriptors at the end are compared with
those after the warm-up. Inbox and outbox rotate all the time. The same seed draws the same load and the same faults; what
they meet is a matter of the moment. The check reads all topics and needs some 1.5 KiB of memory for each command.

Exit code: 0 all holds, 1 something is broken, 64 wrong options, 70 the run could not be made, 130 interrupted.

Examples:
  ./dev soak --minutes 20
  ./dev soak --minutes 2 --seed 7 --only kill --only postgres_restart --logs build/soak)";

void add_load(CLI::App& app, Options& options) {
  app.add_option("--minutes", options.minutes, "how long faults are made")
      ->check(CLI::Range(0.1, 24 * 60.0))
      ->capture_default_str();
  app.add_option("--rate", options.per_second, "commands a second")
      ->check(CLI::Range(10.0, 50'000.0))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of load and faults [random, printed]")
      ->option_text("NUMBER");
  app.add_option("--accounts", options.accounts, "accounts; ten of them take a fifth of the load")
      ->check(CLI::Range(20, 1'000'000))
      ->capture_default_str();
}

void add_world(CLI::App& app, Options& options) {
  app.add_option("--workers", options.workers, "processes in the consumer group")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  app.add_option("--partitions", options.partitions, "partitions of the commands topic")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--in-flight", options.in_flight, "engine.in_flight: batches worked on at once")
      ->check(CLI::Range(1, 3))
      ->capture_default_str();
  app.add_option("--only", options.faults, "draw this fault only; may be given several times")
      ->check(CLI::IsMember(fault_names()).description(""))
      ->option_text("FAULT [all]");
}

void add_reports(CLI::App& app, Options& options) {
  app.add_option("--json", options.json, "write figures and verdicts to this file, too")
      ->option_text("FILE");
  app.add_option("--logs", options.logs, "keep the workers' logs in this folder")
      ->option_text("FOLDER");
}

std::string all_faults() {
  std::string text = "\nFaults:";
  for (const std::string& name : fault_names()) text += " " + name;
  return text;
}

}  // namespace

std::expected<Options, int> parse_options(int argc, char** argv) {
  Options options;
  options.seed = std::random_device{}();
  CLI::App app{kDescription, "pawl-soak"};
  app.footer(all_faults() + "\n" + kFooter);
  add_load(app, options);
  add_world(app, options);
  add_reports(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected{app.exit(error) == 0 ? 0 : kWrongOptions};
  }
  if (options.faults.empty()) options.faults = fault_names();
  return options;
}

}  // namespace pawl::soak
