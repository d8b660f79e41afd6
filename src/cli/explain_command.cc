#include "pawl/cli/explain_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "pawl/cli/config_options.h"
#include "pawl/cli/explanation_report.h"
#include "pawl/consumer/policies.h"

namespace pawl::cli {
namespace {

struct Options {
  std::shared_ptr<ConfigOptions> config;
  std::string type;
  std::string error;
  bool json = false;
};

constexpr const char* kFooter = R"(
ERROR is a class or a SQLSTATE:
  handler       the handler throws
  database      the database refuses SQL that was run for the command; a SQLSTATE says more: 23514, 40001, 53100
  outside       the handler throws pawl::RetryAfter
  rejected      the handler rejects the command
  undecodable   the record cannot be decoded
  unknown_type  no handler is registered for its type
  unknown_field its JSON has a field that its type does not have
  crashed       no process survives its handler, or it never comes back

Asks neither database nor broker. Exit codes: 0, 64 no such error, 78 wrong configuration.

Examples:
  pawl explain ledger.v1.TransferFunds handler --config ledger.toml
  pawl explain ledger.v1.CloseMonth 23514
  pawl explain ledger.v1.CloseMonth outside --json | jq .policy)";

HandlerStyle style_of(const std::string& type, const Registration& registration) {
  const auto known = std::ranges::find(registration.types, type, &codec::CommandType::name);
  if (known == registration.types.end()) return HandlerStyle::unknown;
  return (*known)->own_sql ? HandlerStyle::own_sql : HandlerStyle::decider;
}

// What a consumer registers in code counts for its own types alone; the file may be another one's.
config::Defaults beneath(const Registration& registration, HandlerStyle style) {
  config::Defaults defaults = defaults_of(registration);
  defaults.command_types.clear();
  if (style == HandlerStyle::unknown) {
    defaults.retry = {};
    defaults.on_failure.clear();
  }
  return defaults;
}

ExitCode explain(const Options& options,
                 const Registration& registration,
                 const Invocation& invocation) {
  const HandlerStyle style = style_of(options.type, registration);
  const auto meaning = meaning_of(options.error, style);
  if (!meaning) {
    throw Complaint(
        ExitCode::usage,
        fmt::format("pawl explain: \"{}\" is no error; expected handler, database, "
                    "outside, rejected, undecodable, unknown_type, unknown_field, crashed or a "
                    "SQLSTATE such as 23514",
                    options.error));
  }
  const config::Loaded loaded = load_over(beneath(registration, style),
                                          *options.config,
                                          invocation,
                                          {.kafka = false, .database = false, .consumer = false});
  const Explanation explained = explain(options.type, options.error, style, *meaning, loaded);
  if (options.json) {
    print(explanation_json(explained));
  } else {
    print(explanation_lines(explained));
  }
  return ExitCode::ok;
}

}  // namespace

void add_explain(CLI::App& app, Invocation& invocation, Registration registration) {
  CLI::App* command =
      app.add_subcommand("explain", "What becomes of a command that fails, and when");
  auto options = std::make_shared<Options>();
  command->add_option("type", options->type, "Command type, the full Protobuf name")->required();
  command->add_option("error", options->error, "Class or SQLSTATE, see below")->required();
  options->config = add_config_options(*command, {});
  command->add_flag("--json", options->json, "Print one JSON object instead");
  command->footer(kFooter);
  command->callback([options, registration = std::move(registration), &invocation] {
    invocation.action = [options, registration, &invocation] {
      return explain(*options, registration, invocation);
    };
  });
}

}  // namespace pawl::cli
