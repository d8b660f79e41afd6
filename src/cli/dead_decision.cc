#include "pawl/cli/dead_decision.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>

namespace pawl::cli {
namespace {

using nlohmann::ordered_json;

std::string this_operator(const std::map<std::string, std::string>& environment) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const auto user = environment.find("USER");
  return fmt::format("{}@{}",
                     user == environment.end() ? fmt::format("uid {}", getuid()) : user->second,
                     host.data());
}

}  // namespace

void add_who_and_why(CLI::App& command, DeadDecision& decision, const Invocation& invocation) {
  decision.who = this_operator(invocation.environment);
  command.add_option("--reason", decision.reason, "Why, for the audit")->type_name("TEXT");
  command.add_option("--who", decision.who, "Who, for the audit")
      ->type_name("TEXT")
      ->capture_default_str();
  command.add_flag("--json", decision.json, "Print one JSON object instead");
}

void add_decision(CLI::App& command, DeadDecision& decision, const Invocation& invocation) {
  add_who_and_why(command, decision, invocation);
  command.add_flag("--dry-run", decision.dry_run, "Only say how many");
}

void require_reason(const DeadDecision& decision, const std::string& program) {
  if (!decision.reason.empty() || decision.dry_run) return;
  throw Complaint(ExitCode::usage, program + ": say why with --reason; it is kept in the audit");
}

ordered_json outcome_json(const std::string& action,
                          const DeadDecision& decision,
                          const std::string& consumer,
                          const dead_letters::Filter& filter,
                          std::int64_t count,
                          bool complete) {
  ordered_json json;
  json["action"] = action;
  json["dry_run"] = decision.dry_run;
  json["count"] = count;
  json["complete"] = complete;
  json["consumer"] = consumer;
  json["filter"] = ordered_json::parse(to_json(filter));
  json["reason"] = decision.reason;
  json["who"] = decision.who;
  return json;
}

}  // namespace pawl::cli
