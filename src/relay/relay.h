// Publishes the outbox: one thread that reads committed rows, hands them to Kafka, and stores how
// far it came.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "pawl/core/clock.h"
#include "pawl/observe/log.h"
#include "pawl/observe/relay_metrics.h"
#include "pawl/outbox/committed_batches.h"
#include "pawl/relay/active_turn.h"
#include "pawl/relay/figures.h"
#include "pawl/relay/outbox_session.h"
#include "pawl/relay/ports.h"
#include "pawl/relay/settings.h"
#include "pawl/relay/wakeup.h"

namespace pawl::relay {

/// One per process, owned by main; embedded in a worker or alone. Of all relays with one name one
/// is active; the others stand by and take over when it has let go or been silent. The loop
/// survives every failure of database and broker: it says so, waits and goes on.
///
/// What repeats: rows acknowledged after the last stored position when the process dies (at most
/// Settings::store_every old), and rows whose acknowledgement is unknown. Always with the same id,
/// each key in order.
class Relay {
 public:
  struct Parts {
    OutboxSessionFactory connect;  // e.g. connect_to(url, name)
    Publisher&
        publisher;  // outlives the relay; used by its thread only, between start() and stop()
    const observe::RelayMetrics& metrics;
    observe::Log log;
    const Clock& clock;
  };

  Relay(Settings settings, Parts parts);
  /// stop()
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// Starts the thread; returns at once, connections are made there. May be called twice, and again
  /// after stop().
  void start();
  /// Publishes nothing new, waits for outstanding deliveries (Settings::drain_max), stores the
  /// position and lets the next relay begin. Returns when the thread has ended. May be called
  /// twice, and before start().
  void stop();

  /// What an engine of this process has just committed: it need not be read from the table, and is
  /// published at once. Nothing depends on it; a relay that has not got the turn forgets it.
  /// Thread-safe, never waits.
  void offer(outbox::CommittedBatch batch);

  /// Thread-safe.
  [[nodiscard]] Figures figures() const { return figures_.read(); }

 private:
  void run(const std::stop_token& stop);
  void round();
  void connect();
  void take_turn();
  void lose_session(std::string_view what, const std::string& code);
  void lose_turn();
  void let_go();
  void wait();
  void collect_late_deliveries();
  [[nodiscard]] bool may_connect() const;

  Settings settings_;
  Parts parts_;
  LiveFigures figures_;
  Wakeup wakeup_;
  outbox::CommittedBatches committed_;
  std::jthread thread_;

  // The thread's own.
  std::unique_ptr<OutboxSession> session_;
  std::optional<ActiveTurn> turn_;
  Tag next_tag_ = 1;
  int connect_attempts_ = 0;
  SteadyTime next_connect_{};
  SteadyTime next_turn_{};
};

/// Sessions with PostgreSQL at `url` for the relay called `name` (its row in pawl.relay_position).
[[nodiscard]] OutboxSessionFactory connect_to(std::string url, std::string name);

}  // namespace pawl::relay
