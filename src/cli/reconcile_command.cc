#include "pawl/cli/reconcile_command.h"

#include <CLI/CLI.hpp>

#include "pawl/cli/config_options.h"
#include "pawl/cli/reconcile_reader.h"
#include "pawl/cli/reconcile_report.h"

namespace pawl::cli {
namespace {

constexpr const char* kFooter = R"(
Needs the database; with brokers known, Kafka's offsets are checked, too. Reads inbox and outbox whole, in one transaction
that disturbs nobody but rotations, which wait.

Exit code: 0 all holds, 1 something is broken (--drained: or left; --no-gaps: or passed over), 75 database or broker away.

Examples:
  pawl reconcile --config ledger.toml
  DATABASE_URL=postgresql://localhost/pawl pawl reconcile --consumer ledger
  pawl reconcile --config ledger.toml --drained --json | jq .holds)";

struct Options {
  std::shared_ptr<ConfigOptions> config;
  bool json = false;
  bool drained = false;
  bool ledger = false;
  bool no_gaps = false;
};

ExitCode reconcile(const Options& options, const Invocation& invocation) {
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = false, .database = true, .consumer = true});
  ReconcileQuestion question{.database_url = settings.database.url.reveal(),
                             .consumer = settings.consumer.name,
                             .ledger = options.ledger || settings.consumer.name == "ledger",
                             .gaps_are_lost = options.no_gaps};
  if (!settings.kafka.brokers.empty()) question.kafka = kafka_of(settings);
  Reconciliation result{
      .figures = read_figures(question), .checks = {}, .drained = options.drained};
  result.checks = check(result.figures);
  if (options.json) {
    print(report_json(result));
  } else {
    print(report_lines(result));
  }
  return result.holds() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

void add_reconcile(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("reconcile", "Prove that a consumer lost nothing");
  auto options = std::make_shared<Options>();
  options->config =
      add_config_options(*command, {.brokers = true, .database = true, .consumer = true});
  command->add_flag("--drained",
                    options->drained,
                    "Fail also while anything waits: unread records, unpublished events");
  command->add_flag("--no-gaps",
                    options->no_gaps,
                    "Fail also where a lane passed an offset without a record; for topics without "
                    "compaction and transactions");
  command->add_flag("--json", options->json, "Print one JSON object instead of tables");
  command->add_flag("--ledger",
                    options->ledger,
                    "Check the ledger's books, too (on by itself for the consumer named ledger)");
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return reconcile(*options, invocation); };
  });
}

}  // namespace pawl::cli
