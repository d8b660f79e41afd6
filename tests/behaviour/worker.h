// One process of the consumer, without its threads: an engine with its store, intake and handlers.
// The test makes its steps.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "behaviour/fake_intake.h"
#include "behaviour/faulty_store.h"
#include "behaviour/manual_clock.h"
#include "behaviour/moody_ledger.h"
#include "behaviour/world.h"
#include "pawl/engine/engine.h"
#include "pawl/observe/engine_metrics.h"
#include "pawl/observe/log.h"

namespace pawl::test {

class Worker {
 public:
  struct Parts {
    World& world;
    FakeTopics& topics;
    const Clock& clock;
    Moods& moods;
    engine::EngineSettings settings;
    bool forgets_held = false;            // a bug, for a checker to find
    std::optional<std::uint64_t> seed{};  // of its jitter and ids; empty: drawn from this run's
    const engine::PauseBoard* pauses = nullptr;
  };
  explicit Worker(const Parts& parts);

  /// Steps until nothing is in flight and nothing moves: the lanes are empty or blocked, or the
  /// database is away; or until a handler has ended the process; or until nothing moves because the
  /// store holds something back. Fails the test when the engine hangs.
  void run();
  /// Steps until `condition` holds. Fails the test when it does not come true.
  void run_until(const std::string& what, const std::function<bool()>& condition);
  /// Steps until the store holds something back.
  void run_until_held();
  /// One step, and the server's turn.
  bool step();

  /// How long the engine would sleep now.
  [[nodiscard]] std::chrono::milliseconds idle_for() const { return engine_->idle_for(); }
  [[nodiscard]] engine::Status status() const { return engine_->status(); }
  /// What it tells of services outside.
  [[nodiscard]] std::vector<CircuitView> circuits() const { return circuits_.view(); }
  FakeIntake& intake() { return intake_; }
  FaultyStore& store() { return faults_; }
  [[nodiscard]] int committed() const { return committed_; }

  /// The sum of all samples whose line begins so: "pawl_retries_total", or with labels.
  [[nodiscard]] double metric(const std::string& line_begin);
  /// Whether a line of the log holds this text.
  [[nodiscard]] bool logged(const std::string& text) const;

 private:
  World& world_;
  const Moods& moods_;
  Registration registration_;
  std::unique_ptr<engine::Domain> domain_;
  codec::CommandDecoder decoder_;
  std::vector<std::string> lines_;
  observe::Log log_;
  observe::Metrics registry_;
  observe::EngineMetrics metrics_;
  std::unique_ptr<engine::Store> inner_;
  FaultyStore faults_;
  FakeIntake intake_;
  int committed_ = 0;
  Circuits circuits_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace pawl::test
