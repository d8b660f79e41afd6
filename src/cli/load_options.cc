#include "pawl/cli/load_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <random>

#include "pawl/cli/numbers.h"

namespace pawl::cli {
namespace {

[[noreturn]] void wrong(std::string_view option, std::string_view expected, std::string_view got) {
  throw Complaint(ExitCode::usage,
                  fmt::format("pawl load: expected {} to be {}, got: {}", option, expected, got));
}

double share(std::string_view option, const std::string& text) {
  const auto share = parse_percent(text);
  if (!share) wrong(option, "a percentage from 0 to 100", text);
  return *share;
}

double amount(std::string_view option, const std::string& text) {
  const auto amount = parse_amount(text);
  if (!amount) wrong(option, "a number such as 500, 20k or 1.5M", text);
  return *amount;
}

std::uint64_t any_seed() {
  std::random_device chance;
  return std::uint64_t{chance()};
}

}  // namespace

void add_load_options(CLI::App& command, LoadOptions& options) {
  options.config = add_config_options(command, {.brokers = true, .consumer = true});
  command.add_option("--topic", options.topic, "Where to; by default consumer.commands_topic")
      ->type_name("NAME");
  command
      .add_option(
          "--rate", options.rate, "Records per second, \"20k/s\"; by default as fast as possible")
      ->type_name("N/s");
  command
      .add_option(
          "--count", options.count, "End after so many records, \"1M\"; 0: open the accounts only")
      ->type_name("N");
  command.add_option("--seconds", options.seconds, "End after so long")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--accounts", options.accounts, "How many accounts are used")
      ->capture_default_str();
  command.add_option("--first-account", options.first_account, "Number of the first one")
      ->capture_default_str();
  command.add_flag("--no-open", options.no_open, "The accounts exist: do not open them first");
  command
      .add_option("--skew",
                  options.skew,
                  "1.1: Zipf exponent; 50%:10: half of all on 10 accounts; by default all alike")
      ->type_name("SKEW");
  command.add_option("--captures", options.captures, "Payments that come in")
      ->capture_default_str()
      ->type_name("%");
  command.add_option("--closings", options.closings, "Months that are closed")
      ->capture_default_str()
      ->type_name("%");
  command
      .add_option(
          "--duplicates", options.duplicates, "Earlier records again, id and payload the same")
      ->capture_default_str()
      ->type_name("%");
  command.add_option("--rejections", options.rejections, "Commands that break a rule")
      ->capture_default_str()
      ->type_name("%");
  command.add_option("--garbage", options.garbage, "Records that are no commands")
      ->capture_default_str()
      ->type_name("%");
  CLI::Option* json = command.add_flag("--json", options.json, "Payloads as JSON");
  command
      .add_flag(
          "--protobuf", options.protobuf, "Payloads in Protobuf's binary format (the default)")
      ->excludes(json);
  command.add_option("--ids", options.ids, "Message ids")
      ->capture_default_str()
      ->check(CLI::IsMember({"v7", "random"}));
  command.add_option("--seed",
                     options.seed,
                     "The same seed makes the same load; by default another one each time");
  command.add_option("--payload-bytes", options.payload_bytes, "Fill payloads up to this size")
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option("--summary-json", options.summary_json, "Write the counts by kind to this file")
      ->type_name("FILE");
}

std::optional<command_publisher::Skew> parse_skew(std::string_view text) {
  command_publisher::Skew skew;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    const auto exponent = text.ends_with('%') ? std::nullopt : parse_amount(text);
    if (!exponent) return std::nullopt;
    skew.zipf_exponent = *exponent;
    return skew;
  }
  const auto hot = parse_percent(text.substr(0, colon));
  const auto accounts = parse_amount(text.substr(colon + 1));
  if (!hot || !accounts || *accounts < 1) return std::nullopt;
  skew.hot_share = *hot;
  skew.hot_accounts = static_cast<std::int64_t>(*accounts);
  return skew;
}

command_publisher::LoadShape shape_of(const LoadOptions& options) {
  command_publisher::LoadShape shape{
      .accounts = options.accounts,
      .first_account = options.first_account,
      .open_accounts = !options.no_open,
      .captures = share("--captures", options.captures),
      .closings = share("--closings", options.closings),
      .duplicates = share("--duplicates", options.duplicates),
      .rejections = share("--rejections", options.rejections),
      .garbage = share("--garbage", options.garbage),
      .encoding = options.json ? codec::Encoding::json : codec::Encoding::protobuf,
      .ids = options.ids == "random" ? command_publisher::IdKind::random
                                     : command_publisher::IdKind::v7,
      .seed = options.seed ? *options.seed : any_seed(),
      .payload_bytes = static_cast<std::size_t>(amount("--payload-bytes", options.payload_bytes))};
  if (!options.skew.empty()) {
    const auto skew = parse_skew(options.skew);
    if (!skew)
      wrong("--skew", "an exponent such as 1.1, or share:accounts such as 50%:10", options.skew);
    shape.skew = *skew;
  }
  return shape;
}

command_publisher::LoadPlan plan_of(const LoadOptions& options) {
  command_publisher::LoadPlan plan{
      .duration = std::chrono::milliseconds{static_cast<std::int64_t>(options.seconds * 1000)}};
  if (!options.count.empty())
    plan.count = static_cast<std::uint64_t>(amount("--count", options.count));
  if (!options.rate.empty()) {
    plan.per_second = amount("--rate", options.rate);
    if (plan.per_second <= 0) wrong("--rate", "above 0", options.rate);
  }
  return plan;
}

}  // namespace pawl::cli
