// Tells the database which circuits of this process are open, for `pawl status`.
#pragma once

#include <memory>
#include <string>

#include "pawl/postgres/connection.h"
#include "pawl/retry/circuits.h"

namespace pawl {

/// Owned by the worker, turned by one thread at a time. Has a connection only while there is
/// something to tell.
class CircuitTeller {
 public:
  CircuitTeller(const Circuits& circuits, std::string url, std::string consumer)
      : circuits_(circuits), url_(std::move(url)), consumer_(std::move(consumer)) {}

  /// Waits for the database, three seconds at most. Does not throw: what cannot be told is told
  /// another time.
  void turn();

 private:
  const Circuits& circuits_;
  std::string url_;  // never logged
  std::string consumer_;
  std::unique_ptr<postgres::Connection> connection_;  // while circuits are open
};

}  // namespace pawl
