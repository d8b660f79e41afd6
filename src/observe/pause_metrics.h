// Which dependency a thread waits for.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "pawl/observe/metrics.h"

namespace pawl::observe {

class PauseMetrics {
 public:
  /// `thread`: "engine0", "relay": several may wait at once, each sets its own.
  PauseMetrics(Metrics& metrics, const std::string& consumer, const std::string& thread);

  /// `dependency` ("database" or "broker") cannot be used, or can again. Repeating it changes
  /// nothing. One thread.
  void set(std::string_view dependency, bool now) const;

 private:
  struct Pause {
    Gauge now;
    Counter total;
  };
  std::map<std::string, Pause, std::less<>> pauses_;
};

}  // namespace pawl::observe
