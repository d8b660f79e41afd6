#include "soak/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "crash/checker.h"
#include "crash/programs.h"
#include "pawl/core/failure.h"
#include "pawl/kafka/admin.h"
#include "soak/display.h"
#include "soak/fault.h"
#include "soak/load.h"
#include "soak/sampler.h"
#include "support/process.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kTick = 100ms;
constexpr auto kSampleEvery = 1s;
constexpr std::size_t kFaultsAtOnce = 2;
constexpr Seconds kWarmUp{15};  // under load, when the backlog is worked off
constexpr Seconds kBacklogMax{120};
constexpr Seconds kCalm{5};      // under load, after the last fault
constexpr Seconds kSettled{30};  // for connections that are opened again when next needed
constexpr auto kWorthSaying = 5s;
constexpr Seconds kDrainMax{90};
constexpr auto kReconcileMax = 120s;

// Of reconcile's report.
std::string broken_lines(const std::string& report) {
  std::istringstream lines{report};
  std::string broken;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("BROKEN") || line.starts_with("LEFT")) broken += line + "; ";
  }
  return broken.empty() ? report : broken;
}

class Soak {
 public:
  Soak(const Options& options, cli::StopSignal& stop)
      : options_(options),
        stop_(stop),
        stage_(options),
        load_(steady_load(options, stage_.sources())) {
    figures_.per_second = options.per_second;
    for (int number = 1; number <= options.workers; ++number) {
      workers_.push_back(
          std::make_unique<Worker>(Worker::Settings{.number = number,
                                                    .program = test::ledger_program(),
                                                    .environment = stage_.environment(),
                                                    .logs = options.logs}));
    }
  }

  Figures run() {
    warm_up();
    make_faults();
    calm_down();
    drain();
    settle();
    measure_tables();
    end_workers();
    check();
    return std::move(figures_);
  }

 private:
  struct Active {
    Fault fault;
    SteadyTime until;
  };

  void warm_up();
  void make_faults();
  void calm_down();
  void drain();
  void settle();
  void measure_tables();
  void end_workers();
  void check();
  void begin(Fault fault);
  void end_those_due(SteadyTime now);
  void pass(Seconds time);
  void tick();
  void sample();
  void watch_progress(const Work& work);
  [[nodiscard]] bool servers_are_there() const;
  [[nodiscard]] std::uint64_t sent() const { return backlog_ + load_.sent(); }
  [[nodiscard]] std::uint64_t produced();
  [[nodiscard]] bool unpublished();
  [[nodiscard]] Seconds elapsed() const { return steady_clock::now() - began_; }
  void say(const std::string& text) { display_.say(elapsed(), text); }

  const Options options_;
  cli::StopSignal& stop_;
  Display display_;
  const SteadyTime began_ = steady_clock::now();
  Stage stage_;
  const SteadyTime staged_ = steady_clock::now();
  cli::DemoLoad load_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Sampler sampler_{stage_};
  std::uint64_t backlog_ = 0;
  std::vector<Active> active_;
  Figures figures_;
  Progress progress_;
  SteadyTime sampled_{};
  SteadyTime moved_ = steady_clock::now();  // when a command was last known to end
};

// Waits, and looks after everything meanwhile.
void Soak::pass(Seconds time) {
  const SteadyTime until =
      steady_clock::now() + std::chrono::duration_cast<SteadyTime::duration>(time);
  while (steady_clock::now() < until) tick();
}

void Soak::tick() {
  if (stop_.wait(kTick)) throw Interrupted{};
  if (const std::string trouble = load_.trouble(); !trouble.empty())
    throw std::runtime_error("the load ended: " + trouble);
  const SteadyTime now = steady_clock::now();
  for (Active& each : active_) {
    if (each.fault.during && now < each.until) each.fault.during();
  }
  for (const auto& worker : workers_) worker->look_after();
  if (now - sampled_ >= kSampleEvery) sample();
  progress_.elapsed = elapsed();
  progress_.sent = sent();
  display_.show(progress_);
}

void Soak::sample() {
  sampled_ = steady_clock::now();
  const Footprint footprint = sampler_.footprint(workers_.front()->pid());
  progress_.rss_mib = footprint.rss_mib;
  figures_.rss_max_mib = std::max(figures_.rss_max_mib, footprint.rss_mib);
  sampler_.watch_tables();
  if (const auto work = sampler_.work()) watch_progress(*work);
}

bool Soak::servers_are_there() const {
  return std::ranges::none_of(active_,
                              [](const Active& each) { return each.fault.takes_a_server_away; });
}

void Soak::watch_progress(const Work& work) {
  const auto received = static_cast<std::uint64_t>(work.received);
  const std::uint64_t sent = this->sent();
  const std::uint64_t lag = sent - std::min(sent, received);
  figures_.lag_max = std::max(figures_.lag_max, lag);
  const SteadyTime now = steady_clock::now();
  if (received != progress_.received || lag == 0 || !servers_are_there()) {
    if (now - moved_ > kWorthSaying)
      say(fmt::format("stood still for {:.1f} s", Seconds{now - moved_}.count()));
    moved_ = now;
  }
  figures_.longest_stall = std::max<Seconds>(figures_.longest_stall, now - moved_);
  progress_.received = received;
}

void Soak::warm_up() {
  say(fmt::format("seed {}", options_.seed));
  backlog_ = send_backlog(options_, stage_.sources());
  for (const auto& worker : workers_) worker->start();
  const SteadyTime from = steady_clock::now();
  moved_ = from;
  while (progress_.received < backlog_) {
    tick();
    if (steady_clock::now() - from > kBacklogMax)
      throw std::runtime_error("the workers do not get through the backlog");
  }
  load_.start();
  load_.let_go();
  pass(kWarmUp);
  figures_.lag_max = 0;  // until now it was the backlog
  figures_.longest_stall = {};
  figures_.baseline = sampler_.footprint(workers_.front()->pid());
  figures_.baseline.rss_mib = figures_.rss_max_mib;  // an allocator may keep it after any backlog
  say(fmt::format("baseline: {:.0f} MiB, {} descriptors, {} threads, {} connections",
                  figures_.baseline.rss_mib,
                  figures_.baseline.descriptors,
                  figures_.baseline.threads,
                  figures_.baseline.connections));
}

void Soak::make_faults() {
  FaultBox box{options_, stage_, workers_};
  const SteadyTime begin_at = steady_clock::now();
  const Seconds whole{options_.minutes * 60};
  progress_.whole = elapsed() + whole + kCalm;
  Fault next = box.draw();
  SteadyTime due = begin_at;
  while (steady_clock::now() - begin_at < whole) {
    tick();
    const SteadyTime now = steady_clock::now();
    end_those_due(now);
    const bool busy = std::ranges::any_of(
        active_, [&](const Active& each) { return each.fault.target == next.target; });
    if (now < due || busy || active_.size() >= kFaultsAtOnce) continue;
    begin(std::move(next));
    next = box.draw();
    due = steady_clock::now() + box.gap();
  }
}

void Soak::begin(Fault fault) {
  say(fmt::format("{}, for {:.1f} s", fault.what, Seconds{fault.lasts}.count()));
  fault.begin();
  figures_.faults.push_back(fault.name);
  ++progress_.made;
  progress_.faults.push_back(fault.what);
  active_.push_back({std::move(fault), steady_clock::now() + fault.lasts});
}

void Soak::end_those_due(SteadyTime now) {
  for (Active& each : active_) {
    if (now < each.until) continue;
    each.fault.end();
    if (each.fault.takes_a_server_away) moved_ = steady_clock::now();
  }
  std::erase_if(active_, [&](const Active& each) { return now >= each.until; });
  progress_.faults.clear();
  for (const Active& each : active_) progress_.faults.push_back(each.fault.what);
}

void Soak::calm_down() {
  end_those_due(SteadyTime::max());
  say("no more faults");
  pass(kCalm);
  load_.stop();
}

std::uint64_t Soak::produced() {
  std::uint64_t sum = 0;
  kafka::Admin admin{{.brokers = stage_.sources().brokers}};
  for (const auto& mark : admin.watermarks(stage_.sources().commands_topic))
    sum += static_cast<std::uint64_t>(mark.high);
  return sum;
}

bool Soak::unpublished() {
  return stage_.database().number(R"(
SELECT count(*) FROM pawl.outbox o
WHERE EXISTS (SELECT FROM pawl.relay_position r WHERE o.batch > r.batch OR o.batch = ANY (r.holes)))") >
         0;
}

void Soak::drain() {
  figures_.sent = produced();
  say(fmt::format("draining; {} commands are in the topic", figures_.sent));
  const SteadyTime from = steady_clock::now();
  while (!figures_.drained && steady_clock::now() - from < kDrainMax) {
    tick();
    const auto work = sampler_.work();
    if (work) figures_.received = static_cast<std::uint64_t>(work->received);
    figures_.drained =
        work && figures_.received >= figures_.sent && work->parked == 0 && !unpublished();
  }
  figures_.drained_in = steady_clock::now() - from;
}

void Soak::settle() {
  const SteadyTime from = steady_clock::now();
  do {
    tick();
    figures_.end = sampler_.footprint(workers_.front()->pid());
  } while (figures_.end.connections != figures_.baseline.connections &&
           steady_clock::now() - from < kSettled);
}

void Soak::measure_tables() {
  figures_.elapsed = elapsed();
  figures_.rotating = steady_clock::now() - staged_;
  figures_.tables = sampler_.tables();
  figures_.rotating_tables = sampler_.rotating_tables();
}

void Soak::end_workers() {
  for (const auto& worker : workers_) worker->ask_to_end();
  for (const auto& worker : workers_) {
    worker->end();
    figures_.bad_ends.insert(
        figures_.bad_ends.end(), worker->bad_ends().begin(), worker->bad_ends().end());
    figures_.bad_lines.insert(
        figures_.bad_lines.end(), worker->bad_lines().begin(), worker->bad_lines().end());
  }
}

void Soak::check() {
  say("checking every promise");
  const test::Finished reconciled =
      test::run({.command = {test::pawl_program(), "reconcile", "--drained", "--no-gaps"},
                 .environment = stage_.environment(),
                 .input = {},
                 .folder = {}},
                kReconcileMax);
  if (reconciled.exit_code != 0)
    figures_.reconciled = broken_lines(reconciled.output) + reconciled.errors;
  figures_.broken_promises = test::faults_of(test::observe(stage_.sources(), stage_.database()));
  say("checked");
}

}  // namespace

Figures soak(const Options& options, cli::StopSignal& stop) {
  return Soak{options, stop}.run();
}

}  // namespace pawl::soak
