// Which services handlers may not call now.
#pragma once

#include <string>

#include "pawl/observe/labelled_counter.h"
#include "pawl/observe/metrics.h"

namespace pawl::observe {

/// Thread-safe.
class CircuitMetrics {
 public:
  CircuitMetrics(Metrics& metrics, std::string consumer);

  /// The circuit of this dependency opened or closed.
  void changed(const std::string& dependency, bool open);

 private:
  Metrics& metrics_;
  std::string consumer_;
  LabelledCounter opened_;
};

}  // namespace pawl::observe
