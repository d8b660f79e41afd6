// pawl: the parts list of the command line.
#include <CLI/CLI.hpp>

#include "pawl/cli/audit_command.h"
#include "pawl/cli/dead_command.h"
#include "pawl/cli/demo_command.h"
#include "pawl/cli/explain_command.h"
#include "pawl/cli/load_command.h"
#include "pawl/cli/migrate_command.h"
#include "pawl/cli/outbox_command.h"
#include "pawl/cli/pause_command.h"
#include "pawl/cli/reconcile_command.h"
#include "pawl/cli/replay_command.h"
#include "pawl/cli/send_command.h"
#include "pawl/cli/skip_command.h"
#include "pawl/cli/status_command.h"
#include "pawl/cli/topics_command.h"
#include "pawl/cli/version_command.h"
#include "pawl/config/load.h"
#include "pawl/consumer/consumer.h"
#include "pawl/core/version.h"
#include "registration.h"

namespace {

const pawl::cli::KeyFields kLedgerKeys{{"ledger.v1.OpenAccount", "account_id"},
                                       {"ledger.v1.TransferFunds", "debit_account_id"},
                                       {"ledger.v1.CapturePayment", "account_id"},
                                       {"ledger.v1.CloseMonth", "account_id"}};

constexpr const char* kFooter = R"(
Settings come from --config FILE, from the environment (PAWL_KAFKA__BROKERS, DATABASE_URL, PG…) and from options, the last
one wins. Exit codes: 0 ok, 1 failed, 64 wrong arguments, 75 broker or database away (try again), 78 wrong configuration.

`pawl COMMAND --help` has examples. To begin: pawl demo)";

}  // namespace

int main(int argc, char** argv) {
  pawl::Consumer<ledger::Ledger> consumer{"ledger"};
  ledger::register_commands(consumer);
  const pawl::Registration ledger = consumer.registration();

  CLI::App app{"Event-driven commands: Kafka in, one PostgreSQL transaction, events out.", "pawl"};
  app.require_subcommand(0, 1);  // run() wants one, after it was said what is not known
  app.set_version_flag("--version", std::string(pawl::kVersion));
  app.footer(kFooter);
  pawl::cli::Invocation invocation{.environment = pawl::config::current_environment()};
  pawl::cli::add_demo(app, invocation, ledger);
  pawl::cli::add_topics(app, invocation);
  pawl::cli::add_migrate(app, invocation);
  pawl::cli::add_send(app, invocation, {ledger.types, kLedgerKeys});
  pawl::cli::add_load(app, invocation);
  pawl::cli::add_reconcile(app, invocation);
  pawl::cli::add_status(app, invocation);
  pawl::cli::add_pause(app, invocation);
  pawl::cli::add_resume(app, invocation);
  pawl::cli::add_skip(app, invocation, ledger.types);
  pawl::cli::add_replay(app, invocation);
  pawl::cli::add_dead(app, invocation, ledger.types);
  pawl::cli::add_outbox(app, invocation);
  pawl::cli::add_audit(app, invocation);
  pawl::cli::add_explain(app, invocation, ledger);
  pawl::cli::add_version(app, invocation);
  return pawl::cli::run(app, invocation, argc, argv);
}
