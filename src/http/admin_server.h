// The private listener for operators: GET /metrics, /healthz/live, /healthz/ready.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pawl/http/health.h"

namespace pawl::http {

/// Built and owned by main; one thread of its own, on which the handlers run. Clients are served
/// side by side: one that sends or reads slowly delays nobody. At the bound of connections the
/// oldest is closed for the new one.
class AdminServer {
 public:
  /// Each must be quick, must not wait for a dependency, and must be safe from another thread. One
  /// that throws is answered with 500 and its text.
  struct Handlers {
    std::function<std::string()> metrics;  // Prometheus' text format
    std::function<Health()> live;
    std::function<Health()> ready;
  };
  struct Options {
    std::string listen = "127.0.0.1:9464";    // admin.listen
    std::chrono::milliseconds timeout{5000};  // to send a request, to read an answer, to stay idle
    std::size_t connections_max = 64;
  };

  AdminServer(Options options, Handlers handlers);
  /// Stops.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  /// Returns when clients are served. Throws Failure(give_up) when the address cannot be had. A
  /// second call does nothing.
  void start();
  /// Returns when no handler runs any more and the port is free. A second call, or one before
  /// start(), does nothing.
  void stop();
  /// The port that is listened on, also when 0 was asked for; 0 while stopped.
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Listener;
  Options options_;
  Handlers handlers_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace pawl::http
