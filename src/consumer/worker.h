// One process's worth of a consumer: intake, engines, relay, rotation, retention, admin listener.
// Built from settings, from bottom to top.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pawl/config/settings.h"
#include "pawl/consumer/broker_view.h"
#include "pawl/consumer/circuit_teller.h"
#include "pawl/consumer/engine_thread.h"
#include "pawl/consumer/handler_watch.h"
#include "pawl/consumer/lane_watch.h"
#include "pawl/consumer/pause_reader.h"
#include "pawl/consumer/periodic_thread.h"
#include "pawl/consumer/registration.h"
#include "pawl/dead_letters/retention.h"
#include "pawl/http/admin_server.h"
#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/publisher.h"
#include "pawl/observe/circuit_metrics.h"
#include "pawl/observe/dead_letter_metrics.h"
#include "pawl/observe/metrics.h"
#include "pawl/observe/relay_metrics.h"
#include "pawl/observe/rotation_metrics.h"
#include "pawl/relay/relay.h"
#include "pawl/retry/circuits.h"
#include "pawl/rotation/rotator.h"

namespace pawl {

/// Owned by main (or the demo). start() and stop() from one thread; the rest is safe from any.
class Worker {
 public:
  /// Connects to nothing. `on_broken` is called from one of its threads when the process cannot go
  /// on.
  Worker(config::Settings settings,
         const Registration& registration,
         const observe::Log& log,
         std::function<void(const std::string& what)> on_broken);
  ~Worker();

  /// Returns when everything runs; lanes come a little later. A broker or database that is away is
  /// waited for, in the background. Throws Failure(give_up) for what waiting cannot mend: schema
  /// not migrated, topics missing, dedupe window too short, port taken, a database that refuses us.
  void start();
  /// Ends what is in flight, lets go of the lanes, publishes what is committed, stops. Bounded by
  /// the parts' own budgets.
  void stop();

  /// Of the admin listener.
  [[nodiscard]] std::uint16_t admin_port() const { return admin_->port(); }
  [[nodiscard]] std::vector<engine::Status> engines() const;
  /// Empty when no relay is embedded.
  [[nodiscard]] std::optional<relay::Figures> relay() const;
  [[nodiscard]] http::Health live() const;
  [[nodiscard]] http::Health ready() const;
  /// Prometheus' text, as /metrics shows it.
  [[nodiscard]] std::string metrics_page();

 private:
  void start_intake();
  void join_group();
  void keep_joining(const std::stop_token& stop);
  void make_engines(const Registration& registration);
  void make_relay();
  void make_pauses(const Registration& registration);
  void make_intake();
  void make_watches();
  void on_circuit(const CircuitView& circuit);
  void look_at_handlers();
  void give_up(const engine::Handling::Seen& hung, const std::string& stack);

  config::Settings settings_;
  observe::Log log_;
  std::function<void(const std::string&)> on_broken_;
  SystemClock clock_;
  observe::Metrics metrics_;
  observe::RotationMetrics rotation_metrics_;
  observe::DeadLetterMetrics dead_letter_metrics_;
  observe::CircuitMetrics circuit_metrics_;
  Circuits circuits_;
  codec::CommandDecoder decoder_;
  std::unique_ptr<kafka::Publisher> publisher_;
  std::optional<observe::RelayMetrics> relay_metrics_;
  std::unique_ptr<relay::Relay> relay_;
  std::unique_ptr<rotation::Rotator> rotator_;
  std::optional<dead_letters::Retention> retention_;
  std::optional<PeriodicThread> expiring_letters_;
  std::unique_ptr<kafka::LaneIntake> intake_;
  engine::PauseBoard pauses_;
  std::vector<std::unique_ptr<EngineThread>> engines_;
  std::optional<PauseReader> pause_reader_;
  std::optional<CircuitTeller> circuit_teller_;
  std::optional<PeriodicThread> reading_pauses_;
  std::vector<HandlerWatch> handler_watches_;  // one for each engine
  std::optional<PeriodicThread> watching_handlers_;
  std::unique_ptr<BrokerView> broker_view_;
  std::unique_ptr<LaneWatch> lane_watch_;
  std::optional<PeriodicThread> watching_lanes_;
  std::unique_ptr<http::AdminServer> admin_;
  std::mutex joining_mutex_;
  std::condition_variable_any joining_wake_;
  std::jthread joining_;  // tries to reach a broker that was away at the start
};

}  // namespace pawl
