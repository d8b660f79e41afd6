// One engine with everything that belongs to it alone, and the thread that turns it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "pawl/codec/command_decoder.h"
#include "pawl/engine/engine.h"
#include "pawl/engine/postgres_store.h"
#include "pawl/observe/engine_metrics.h"
#include "pawl/observe/log.h"

namespace pawl {

/// Owned by the worker. start() and stop() may each be called twice.
class EngineThread {
 public:
  struct Parts {
    engine::EngineSettings settings;
    postgres::ConnectionSettings connection;
    std::string owner;
    std::unique_ptr<engine::Domain> domain;
    engine::Intake& intake;
    const codec::CommandDecoder& decoder;
    observe::Metrics& metrics;
    std::vector<std::string> command_types;
    int number;  // of this engine in its process
    const observe::Log& log;
    const Clock& clock;
    Circuits& circuits;
    std::uint64_t seed;
    std::function<void(outbox::CommittedBatch)> on_committed;
    const engine::PauseBoard& pauses;
    /// The thread ended by an exception, which is a bug: the process cannot go on. Called from that
    /// thread.
    std::function<void(const std::string& what)> on_broken;
  };
  explicit EngineThread(Parts parts);
  ~EngineThread() { stop(); }

  void start();
  /// Returns when the thread has ended; batches in flight are abandoned, so stop the intake first:
  /// it lets go of the lanes.
  void stop();

  [[nodiscard]] engine::LaneOwner& lane_owner() { return engine_.lane_owner(); }
  [[nodiscard]] engine::Status status() const { return engine_.status(); }
  [[nodiscard]] engine::Handling::Seen handling() const { return engine_.handling().read(); }
  /// What the thread is at, see observe/stack.h. Only while it runs.
  [[nodiscard]] std::string stack();
  [[nodiscard]] const observe::EngineMetrics& metrics() const { return metrics_; }

 private:
  void run(const std::stop_token& stop);

  Parts parts_;
  observe::EngineMetrics metrics_;
  engine::PostgresStore store_;
  engine::Engine engine_;
  std::jthread thread_;
};

}  // namespace pawl
