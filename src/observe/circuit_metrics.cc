#include "pawl/observe/circuit_metrics.h"

#include <utility>

namespace pawl::observe {

CircuitMetrics::CircuitMetrics(Metrics& metrics, std::string consumer)
    : metrics_(metrics),
      consumer_(std::move(consumer)),
      opened_(metrics,
              "pawl_circuits_opened_total",
              "Times that a service outside failed so often that it was not called for a while",
              {{"consumer", consumer_}},
              "dependency",
              {}) {}

void CircuitMetrics::changed(const std::string& dependency, bool open) {
  metrics_
      .gauge("pawl_circuit_open",
             "1 while handlers may not call the service, otherwise 0",
             {{"consumer", consumer_}, {"dependency", dependency}})
      .set(open ? 1 : 0);
  if (open) opened_.add(dependency);
}

}  // namespace pawl::observe
