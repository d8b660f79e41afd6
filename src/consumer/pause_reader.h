// Tells the engines of this process what operators have paused.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pawl/engine/pause_board.h"
#include "pawl/observe/log.h"
#include "pawl/observe/log_limiter.h"
#include "pawl/observe/metrics.h"
#include "pawl/postgres/connection.h"

namespace pawl {

struct PauseReaderSettings {
  std::string url;  // of the database; never logged
  std::string consumer;
  std::vector<std::string> command_types;  // that there are handlers for
};

/// Owned by the worker, turned by one thread at a time. While the database cannot be read, what was
/// read last stands.
class PauseReader {
 public:
  struct Parts {
    engine::PauseBoard& board;
    std::function<void()> on_change;  // wakes the engines; any thread
    observe::Metrics& metrics;
    observe::Log log;
    const Clock& clock;
  };
  PauseReader(PauseReaderSettings settings, Parts parts);

  /// Waits for the database, three seconds at most. Does not throw.
  void turn();

 private:
  [[nodiscard]] Pauses read();
  void obey(const Pauses& pauses);
  void tell(const char* what, const Pause& pause) const;
  void measure(const Pauses& pauses) const;

  PauseReaderSettings settings_;
  Parts parts_;
  observe::LogLimiter limiter_;
  observe::Gauge consumers_, partitions_, types_;
  std::unique_ptr<postgres::Connection> connection_;
};

/// "ledger.commands/3, ledger.v1.CloseMonth"; "all" when it is everything.
[[nodiscard]] std::string describe(const Pause& pause);

}  // namespace pawl
