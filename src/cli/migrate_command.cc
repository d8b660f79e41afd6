#include "pawl/cli/migrate_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/cli/config_options.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/table.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/migrator.h"

namespace pawl::cli {
namespace {

using postgres::Migration;
using postgres::MigrationStatus;

constexpr const char* kFooter = R"(
The steps are compiled into this program. Each runs in a transaction of its own; two runs at once wait for each other. A step
that was applied and has changed since is refused.

Exit code: 0 done (status: the schema is what this program needs), 1 refused or failed (status: steps are missing or differ),
75 database away, 78 wrong configuration.

Examples:
  pawl migrate status --database postgresql://localhost/pawl
  DATABASE_URL=postgresql://localhost/pawl pawl migrate up
  pawl migrate down --to 0 --config ledger.toml       takes everything away, data included
  pawl migrate print > schema.sql                     for people who apply SQL by other means)";

config::Settings settings_of(const ConfigOptions& options, const Invocation& invocation) {
  return load(options, invocation, {.kafka = false, .database = true, .consumer = false});
}

postgres::Migrator migrator(const config::Settings& settings) {
  return {settings.database.url.reveal(), postgres::builtin_migrations()};
}

postgres::MigrationObserver narrator(std::string_view direction) {
  return {
      .begins = {},
      .done =
          [direction](const Migration& step, std::chrono::milliseconds time) {
            print(fmt::format("{} {}  {}", direction, postgres::file_name(step), readable(time)));
          },
      .waits =
          [](const postgres::MigrationLockHolder& holder, std::chrono::milliseconds time) {
            print_error(
                fmt::format("waiting {} for another migration: {} by {} from {}, pid {}, since {}",
                            readable(time),
                            holder.application_name,
                            holder.user,
                            holder.client,
                            holder.pid,
                            holder.since));
          }};
}

std::string state_of(const MigrationStatus& step) {
  if (!step.applied) return "missing: run `pawl migrate up`";
  const std::string when =
      fmt::format("applied {} by {}", step.applied->applied_at, step.applied->applied_by);
  if (!step.known) return when + "; unknown to this program, which is older than the database";
  if (!step.checksum_ok)
    return when + "; DIFFERS from this program's step: a step must never be changed";
  return when;
}

ExitCode status(const config::Settings& settings) {
  const auto steps = migrator(settings).status();
  Table table{{"", ""}};
  table.left_aligned();
  bool current = true;
  for (const MigrationStatus& step : steps) {
    table.add({fmt::format("{:04}_{}", step.version, step.name), state_of(step)});
    current = current && step.applied && step.known && step.checksum_ok;
  }
  for (const std::string& line : table.lines_without_head()) print(line);
  return current ? ExitCode::ok : ExitCode::failed;
}

ExitCode up(const config::Settings& settings) {
  const int applied = migrator(settings).up(narrator("applied"));
  const std::string target = postgres::describe_target(settings.database.url.reveal());
  print(applied == 0 ? fmt::format("{} is up to date", target)
                     : fmt::format("{} is up to date, {} applied", target, applied));
  return ExitCode::ok;
}

ExitCode down(const config::Settings& settings, int to) {
  const int taken = migrator(settings).down(to, narrator("took back"));
  print(fmt::format("{} is at version {}, {} taken back",
                    postgres::describe_target(settings.database.url.reveal()),
                    to,
                    taken));
  return ExitCode::ok;
}

}  // namespace

void add_migrate(CLI::App& app, Invocation& invocation) {
  CLI::App* migrate = app.add_subcommand("migrate", "The database's schema");
  migrate->require_subcommand(0, 1);  // run() wants one
  migrate->footer(kFooter);
  const auto add =
      [&](const char* name, const char* sentence, ExitCode (*act)(const config::Settings&)) {
        CLI::App* command = migrate->add_subcommand(name, sentence);
        auto config = add_config_options(*command, {.database = true});
        command->footer(kFooter);
        command->callback([config, act, &invocation] {
          invocation.action = [config, act, &invocation] {
            return act(settings_of(*config, invocation));
          };
        });
      };
  add("status", "Which steps are applied", status);
  add("up", "Apply the steps that are missing", up);

  CLI::App* command =
      migrate->add_subcommand("down", "Take steps back, newest first; their data are lost");
  auto config = add_config_options(*command, {.database = true});
  auto to = std::make_shared<int>(0);
  command->add_option("--to", *to, "Version to go back to; 0: none of ours is left")
      ->required()
      ->check(CLI::NonNegativeNumber);
  command->footer(kFooter);
  command->callback([config, to, &invocation] {
    invocation.action = [config, to, &invocation] {
      return down(settings_of(*config, invocation), *to);
    };
  });

  migrate->add_subcommand("print", "Print all steps as SQL")->callback([&invocation] {
    invocation.action = [] {
      print(postgres::print(postgres::builtin_migrations()));
      return ExitCode::ok;
    };
  });
}

}  // namespace pawl::cli
