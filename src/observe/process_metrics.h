// process_* as Prometheus' client libraries name them. Internal to observe.
#pragma once

#include <vector>

namespace prometheus {
struct MetricFamily;
}

namespace pawl::observe {

/// Reads /proc/self; what cannot be read is left out.
void append_process_metrics(std::vector<prometheus::MetricFamily>& families);

}  // namespace pawl::observe
