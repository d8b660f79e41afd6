#include "behaviour/worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
// For a real server. The fake one works while it is waited for.
constexpr std::chrono::milliseconds kShortWait = 20ms;
constexpr std::chrono::milliseconds kLongWait = 500ms;

// Of this run, and another one for each worker: event ids come from it.
std::uint64_t next_seed() {
  static std::uint64_t workers = 0;
  return seed() + ++workers;
}

std::vector<std::string> names_of(const Registration& registration) {
  std::vector<std::string> names;
  for (const codec::CommandType* type : registration.types) names.push_back(type->name);
  return names;
}

}  // namespace

Worker::Worker(const Parts& parts)
    : world_(parts.world),
      moods_(parts.moods),
      registration_(moody_ledger(parts.moods)),
      domain_(registration_.make_domain()),
      decoder_(registration_.types),
      log_(parts.clock,
           {.level = LogLevel::debug,
            .writer = [this](std::string_view line) { lines_.emplace_back(line); }}),
      registry_(parts.clock),
      metrics_(registry_, {.consumer = "ledger", .command_types = names_of(registration_)}),
      inner_(parts.world.make_store()),
      faults_(*inner_, parts.forgets_held),
      intake_(parts.topics),
      circuits_({.settings = {.failures_max = 3}, .clock = parts.clock, .seed = next_seed()}),
      engine_(std::make_unique<engine::Engine>(
          parts.settings,
          engine::Engine::Parts{
              .store = faults_,
              .intake = intake_,
              .domain = *domain_,
              .decoder = decoder_,
              .metrics = metrics_,
              .log = log_,
              .clock = parts.clock,
              .circuits = circuits_,
              .seed = parts.seed ? *parts.seed : next_seed(),
              .on_committed = [this](const outbox::CommittedBatch&) { ++committed_; },
              .pauses = parts.pauses})) {
  intake_.connect(engine_->lane_owner());
}

bool Worker::step() {
  const bool moved = engine_->step();
  faults_.wait(moved ? 0ms : kShortWait);
  return moved;
}

void Worker::run() {
  for (int idle = 0; idle <= world_.patience(); ++idle) {
    if (engine_->step()) {
      if (moods_.dead) return;
      idle = -1;
      faults_.wait(0ms);
      continue;
    }
    if (status().in_flight == 0) return;
    const bool may_wait = faults_.holding() || status().away;
    if (may_wait && idle > world_.patience() / 6) return;
    faults_.wait(may_wait ? kShortWait : kLongWait);
  }
  FAIL() << "the engine hangs with " << status().in_flight << " batches in flight; "
         << world_.waits() << (lines_.empty() ? "" : lines_.back());
}

void Worker::run_until(const std::string& what, const std::function<bool()>& condition) {
  for (int idle = 0; idle <= 25 * world_.patience(); ++idle) {
    if (condition()) return;
    if (step()) idle = 0;
  }
  FAIL() << "it never came true: " << what << "; " << world_.waits();
}

void Worker::run_until_held() {
  run_until("an answer is held back", [this] { return faults_.holding(); });
}

double Worker::metric(const std::string& line_begin) {
  std::istringstream text(registry_.expose());
  double sum = 0;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with(line_begin)) sum += std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

bool Worker::logged(const std::string& text) const {
  return std::ranges::any_of(
      lines_, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace pawl::test
