#include "pawl/cli/demo_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <deque>
#include <mutex>

#include "pawl/cli/config_options.h"
#include "pawl/cli/demo_load.h"
#include "pawl/cli/demo_sampler.h"
#include "pawl/cli/demo_view.h"
#include "pawl/cli/reconcile_reader.h"
#include "pawl/cli/reconcile_report.h"
#include "pawl/cli/stop_signal.h"
#include "pawl/cli/terminal.h"
#include "pawl/consumer/policies.h"
#include "pawl/consumer/worker.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kRedrawEvery = 200ms;
constexpr auto kPlainEvery = 1s;
constexpr auto kDrainMax = 60s;
constexpr std::size_t kMessagesShown = 3;
// The mock cluster forgets the oldest records of a partition above 5 MB: the load may not be far
// ahead.
constexpr std::uint64_t kAheadOfMock = 8'000;
constexpr std::uint64_t kAheadOfReal = 100'000;

config::Settings settings_for(const DemoStage& stage,
                              const Invocation& invocation,
                              const Registration& ledger) {
  Invocation with_port = invocation;
  with_port.environment.try_emplace(
      "PAWL_ADMIN__LISTEN", "127.0.0.1:0");  // a consumer of this machine may have the usual one
  with_port.environment.erase("DATABASE_URL");
  with_port.environment.erase("DATABASE_URL_FILE");
  return load_over(
             defaults_of(ledger),
             {.file = {}, .brokers = stage.brokers(), .database = stage.database(), .consumer = {}},
             with_port,
             {})
      .settings;
}

/// The worker's log lines: the last ones for the view on a terminal, all of them to standard error
/// elsewhere.
class Messages {
 public:
  explicit Messages(bool kept) : kept_(kept) {}

  void add(std::string_view line) {
    // The embedded Kafka speaks an old protocol, which librdkafka finds worth a warning each time
    // it asks for topics.
    if (line.find("facility=AUTOCREATE") != std::string_view::npos) return;
    if (!kept_) return print_error(std::string(line));
    const std::scoped_lock lock(mutex_);
    lines_.emplace_back(line.substr(0, line.find('\n')));
    if (lines_.size() > kMessagesShown) lines_.pop_front();
  }
  [[nodiscard]] std::vector<std::string> last() const {
    const std::scoped_lock lock(mutex_);
    return {lines_.begin(), lines_.end()};
  }

 private:
  bool kept_;
  mutable std::mutex mutex_;
  std::deque<std::string> lines_;
};

class Demo {
 public:
  Demo(const DemoOptions& options, const Invocation& invocation, const Registration& ledger)
      : options_(options),
        stage_(announce(options.stage)),
        settings_(settings_for(stage_, invocation, ledger)),
        log_(clock_,
             {.level = LogLevel::warning,
              .format = observe::LogFormat::text,
              .writer = [this](std::string_view line) { messages_.add(line); }}),
        worker_(settings_, ledger, log_, [this](const std::string&) { broken_ = true; }),
        load_(load_settings()),
        facts_{stage_.database_text(), stage_.kafka_text(), options.duration} {}

  ExitCode run() {
    stage_.prepare(settings_, options_.partitions);
    DemoSampler sampler{{settings_.database.url.reveal(),
                         settings_.consumer.name,
                         settings_.consumer.commands_topic,
                         kafka_of(settings_)},
                        clock_};
    worker_.start();
    load_.start();
    open_accounts(sampler);
    play(sampler);
    load_.stop();
    drain(sampler);
    worker_.stop();
    return prove();
  }

 private:
  static StageOptions announce(const StageOptions& options) {
    if (options.database.empty()) print_error("starting a private PostgreSQL …");
    return options;
  }

  [[nodiscard]] DemoLoadSettings load_settings() const {
    return {.shape = options_.shape,
            .per_second = options_.per_second,
            .ahead_max = options_.stage.brokers.empty() ? kAheadOfMock : kAheadOfReal,
            .topic = settings_.consumer.commands_topic,
            .producer = {.kafka = kafka_of(settings_)}};
  }

  /// Transfers are accepted once both accounts are open, whichever partitions they are on.
  void open_accounts(DemoSampler& sampler) {
    phase_ = DemoPhase::joining;
    while (going() && (!load_.opened() || !sampler.drained())) {
      turn(sampler);
      if (sampler.joined()) phase_ = DemoPhase::opening;
    }
  }

  void play(DemoSampler& sampler) {
    phase_ = DemoPhase::running;
    begun_ = clock_.now();
    load_.let_go();
    while (going() && (options_.duration == 0ms || clock_.now() - *begun_ < options_.duration))
      turn(sampler);
  }

  void drain(DemoSampler& sampler) {
    phase_ = DemoPhase::draining;
    const SteadyTime deadline = clock_.now() + kDrainMax;
    do {
      turn(sampler);
    } while (!sampler.drained() && !broken_ && clock_.now() < deadline);
    show(true);
    terminal_.keep();
  }

  [[nodiscard]] bool going() const {
    return !stop_.stopped() && !broken_ && load_.trouble().empty();
  }

  /// One look and one drawing.
  void turn(DemoSampler& sampler) {
    const std::uint64_t sent = load_.sent();
    sample_ = sampler.sample(worker_);
    load_.consumer_is_behind(static_cast<std::uint64_t>(sample_.waiting), sent);
    sample_.sent = static_cast<std::int64_t>(load_.sent());
    sample_.phase = phase_;
    if (begun_) sample_.elapsed = clock_.now() - *begun_;
    rates_.push_back(sample_.per_second);
    if (rates_.size() > 40) rates_.erase(rates_.begin());
    show(false);
    if (stop_.stopped() || !begun_) {
      StopSignal::pause(kRedrawEvery / 4);
    } else {
      stop_.wait(kRedrawEvery);
    }
  }

  void show(bool at_any_rate) {
    if (terminal_.interactive())
      return terminal_.draw(demo_lines(sample_, facts_, rates_, messages_.last()));
    if (!at_any_rate && clock_.now() - shown_ < kPlainEvery) return;
    shown_ = clock_.now();
    terminal_.draw({demo_line(sample_)});
  }

  ExitCode prove() {
    ReconcileQuestion question{.database_url = settings_.database.url.reveal(),
                               .consumer = settings_.consumer.name,
                               .ledger = true,
                               .gaps_are_lost = options_.stage.brokers.empty(),
                               .kafka = kafka_of(settings_)};
    Reconciliation result{.figures = read_figures(question), .checks = {}, .drained = true};
    result.checks = check(result.figures);
    print("");
    print(report_lines(result));
    if (!load_.trouble().empty())
      print_error("pawl demo: the load ended early: " + load_.trouble());
    if (broken_) print_error("pawl demo: the consumer stopped by itself; see the lines above");
    return result.holds() && load_.trouble().empty() && !broken_ ? ExitCode::ok : ExitCode::failed;
  }

  DemoOptions options_;
  StopSignal stop_;  // before everything that has threads
  SystemClock clock_;
  Terminal terminal_{STDOUT_FILENO};
  Messages messages_{terminal_.interactive()};
  DemoStage stage_;
  config::Settings settings_;
  observe::Log log_;
  std::atomic<bool> broken_{false};
  Worker worker_;
  DemoLoad load_;
  DemoFacts facts_;
  DemoPhase phase_ = DemoPhase::starting;
  std::optional<SteadyTime> begun_;
  SteadyTime shown_{};
  DemoSample sample_;
  std::vector<double> rates_;
};

}  // namespace

ExitCode run_demo(const DemoOptions& options,
                  const Invocation& invocation,
                  const Registration& ledger) {
  return Demo{options, invocation, ledger}.run();
}

}  // namespace pawl::cli
