#include "pawl/cli/audit_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "pawl/cli/config_options.h"
#include "pawl/cli/consumer_number.h"
#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/table.h"
#include "pawl/core/rfc3339.h"
#include "pawl/postgres/connection.h"

namespace pawl::cli {
namespace {

using nlohmann::ordered_json;

constexpr int kRowsMax = 10'000;

const postgres::Statement kRead{"", R"(
SELECT at, who, action, count, coalesce(reason, ''), coalesce(filter::text, '{}')
FROM pawl.audit ORDER BY at DESC, id DESC LIMIT $1)"};

struct Options {
  std::shared_ptr<ConfigOptions> config;
  int limit = 50;
  bool json = false;
};

std::vector<std::string> lines_of(const postgres::Result& rows) {
  Table table{{"at (UTC)", "who", "action", "count", "reason", "which"}};
  table.left_aligned();
  for (int row = 0; row < rows.rows(); ++row) {
    table.add({readable(rows.time(row, 0)),
               std::string(rows.text(row, 1)),
               std::string(rows.text(row, 2)),
               rows.is_null(row, 3) ? "-" : grouped(rows.integer(row, 3)),
               std::string(rows.text(row, 4)),
               std::string(rows.text(row, 5))});
  }
  return table.lines();
}

ordered_json json_of(const postgres::Result& rows) {
  ordered_json json;
  json["audit"] = ordered_json::array();
  for (int row = 0; row < rows.rows(); ++row) {
    ordered_json entry;
    entry["at"] = rfc3339(rows.time(row, 0));
    entry["who"] = rows.text(row, 1);
    entry["action"] = rows.text(row, 2);
    entry["count"] =
        rows.is_null(row, 3) ? ordered_json(nullptr) : ordered_json(rows.integer(row, 3));
    entry["reason"] = rows.text(row, 4);
    entry["filter"] = ordered_json::parse(rows.text(row, 5));
    json["audit"].push_back(std::move(entry));
  }
  return json;
}

ExitCode audit(const Options& options, const Invocation& invocation) {
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = false, .database = true, .consumer = false});
  const std::string url = settings.database.url.reveal();
  postgres::Connection connection{{.url = url, .application_name = "pawl audit"}};
  require_schema(connection, url, "pawl audit");
  postgres::Parameters parameters;
  parameters.add(std::int64_t{options.limit});
  const postgres::Result rows = connection.execute(kRead, parameters);
  if (options.json) {
    print(json_of(rows).dump(2));
  } else {
    print(rows.rows() == 0 ? std::vector<std::string>{"nobody has decided anything yet"}
                           : lines_of(rows));
  }
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
Examples:
  pawl audit --config ledger.toml
  pawl audit --limit 1000 --json | jq '.audit[] | select(.action == "dead.discard")')";

}  // namespace

void add_audit(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("audit", "What operators have decided, the latest first");
  auto options = std::make_shared<Options>();
  options->config = add_config_options(*command, {.database = true});
  command->add_option("--limit", options->limit, "Rows at most")
      ->capture_default_str()
      ->check(CLI::Range(1, kRowsMax));
  command->add_flag("--json", options->json, "Print one JSON object instead of a table");
  command->footer(kFooter);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return audit(*options, invocation); };
  });
}

}  // namespace pawl::cli
