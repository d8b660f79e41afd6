#include "pawl/cli/status_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "pawl/cli/config_options.h"
#include "pawl/cli/consumer_number.h"
#include "pawl/cli/status_report.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/cli/terminal.h"
#include "pawl/core/failure.h"

namespace pawl::cli {
namespace {

constexpr double kShortestWatch = 0.2;  // seconds
constexpr double kLongestWatch = 3600;
constexpr std::chrono::seconds kBrokerMax{3};
constexpr const char* kProgram = "pawl status";

struct Options {
  std::shared_ptr<ConfigOptions> config;
  double every = 2;  // seconds
  bool watch = false;
  bool json = false;
};

/// Asks again and again; a connection that was lost is made anew.
class Asker {
 public:
  Asker(const Options& options, const Invocation& invocation)
      : settings_(load(
            *options.config, invocation, {.kafka = false, .database = true, .consumer = false})),
        only_(options.config->consumer) {}

  StatusView ask() {
    try {
      StatusView view;
      view.brokers_silent = meet_brokers();
      const WallTime at = clock_.wall();
      view.state = ask_database();
      if (view.brokers_silent.empty()) ask_brokers(at, view);
      return view;
    } catch (const Failure&) {
      connection_.reset();
      throw;
    }
  }

 private:
  run_control::State ask_database() {
    const std::string url = settings_.database.url.reveal();
    if (!connection_) {
      connection_ = std::make_unique<postgres::Connection>(
          postgres::ConnectionSettings{.url = url, .application_name = kProgram, .session = {}});
    }
    require_schema(*connection_, url, kProgram);
    if (only_.empty()) return run_control::read_state(*connection_, std::nullopt);
    return run_control::read_state(*connection_,
                                   consumer_number(*connection_, url, only_, kProgram));
  }

  // Connecting takes a while, so it comes first: ends should be as old as positions. Returns why
  // there is nobody to ask.
  std::string meet_brokers() {
    if (settings_.kafka.brokers.empty()) return "no broker is named (--brokers, or kafka.brokers)";
    const std::string& topic = settings_.consumer.commands_topic;
    try {
      if (!admin_) admin_ = std::make_unique<kafka::Admin>(kafka_of(settings_), kBrokerMax);
      if (admin_->describe(topic).exists) (void)admin_->watermarks(topic);
      return {};
    } catch (const Failure& failure) {
      return failure.what();
    }
  }

  void ask_brokers(WallTime at, StatusView& view) {
    try {
      for (const run_control::ConsumerState& consumer : view.state.consumers) {
        Standing standing{.next_offsets = {}, .at = at};
        for (const auto& lane : consumer.lanes) standing.next_offsets[lane.lane] = lane.next_offset;
        view.lags[consumer.name] = ask_lags(*admin_, kafka_of(settings_), standing, clock_);
      }
    } catch (const Failure& failure) {
      view.brokers_silent = failure.what();
    }
  }

  config::Settings settings_;
  std::string only_;
  SystemClock clock_;
  std::unique_ptr<postgres::Connection> connection_;
  std::unique_ptr<kafka::Admin> admin_;
};

std::vector<std::string> lines_of(const StatusView& view, bool json) {
  return json ? std::vector{status_json(view)} : status_lines(view);
}

// What does not fit a terminal's height cannot be redrawn.
void show(Terminal& terminal, std::vector<std::string> lines) {
  const auto rows = static_cast<std::size_t>(std::max(2, terminal.size().rows));
  if (terminal.interactive() && lines.size() >= rows) {
    lines.resize(rows - 2);
    lines.emplace_back("… the window is too low for all of it");
  }
  if (!terminal.interactive()) lines.emplace_back();
  terminal.draw(lines);
}

ExitCode watch(const Options& options, Asker& asker) {
  StopSignal stop;
  Terminal terminal{STDOUT_FILENO};
  do {
    std::vector<std::string> lines;
    try {
      lines = lines_of(asker.ask(), options.json);
    } catch (const Failure& failure) {
      lines = {fmt::format("{}; asked again in {} s", failure.what(), options.every)};
    }
    show(terminal, std::move(lines));
  } while (!stop.wait(std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(options.every))));
  return ExitCode::ok;
}

ExitCode status(const Options& options, const Invocation& invocation) {
  Asker asker{options, invocation};
  if (options.watch) return watch(options, asker);
  print(lines_of(asker.ask(), options.json));
  return ExitCode::ok;
}

constexpr const char* kFooter = R"(
Each lane with its owner ("gone": that process has no connection any more), the offset it reads next, the end of the partition,
and for how long its first unread record has been waiting; how many keys are held, and commands parked there; what is paused; dead
letters; outbox and relay. Without a broker the ends and lags are not known, all else is.

Exit code: 0 asked, 1 no such consumer, 75 database away. --watch ends with 0 at Ctrl-C, and waits for a database that is away.

Examples:
  pawl status --config ledger.toml
  pawl status ledger --watch
  pawl status ledger --json | jq '.consumers[].lanes[] | select(.lag_seconds > 60)')";

}  // namespace

void add_status(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("status", "How consumers stand: lanes, lags, what waits");
  auto options = std::make_shared<Options>();
  options->config = add_config_options(*command, {.brokers = true, .database = true});
  command->add_option("consumer", options->config->consumer, "Only this one; all without it")
      ->type_name("CONSUMER");
  CLI::Option* watch =
      command->add_option("--watch", options->every, "Show it again every 2 seconds, or as told")
          ->type_name("[SECONDS]")
          ->expected(0, 1)
          ->default_str("2")
          ->check(CLI::Range(kShortestWatch, kLongestWatch));
  command->add_flag("--json", options->json, "Print JSON objects instead");
  command->footer(kFooter);
  command->callback([options, watch, &invocation] {
    options->watch = watch->count() > 0;
    invocation.action = [options, &invocation] { return status(*options, invocation); };
  });
}

}  // namespace pawl::cli
