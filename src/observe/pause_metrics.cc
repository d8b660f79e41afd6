#include "pawl/observe/pause_metrics.h"

namespace pawl::observe {

PauseMetrics::PauseMetrics(Metrics& metrics,
                           const std::string& consumer,
                           const std::string& thread) {
  for (const char* dependency : {"database", "broker"}) {
    const Labels labels{{"consumer", consumer}, {"dependency", dependency}, {"thread", thread}};
    pauses_.emplace(dependency,
                    Pause{metrics.gauge("pawl_paused",
                                        "1 while the thread waits for the dependency, otherwise 0",
                                        labels),
                          metrics.counter("pawl_pauses_total",
                                          "Times that the thread began to wait for the dependency",
                                          labels)});
  }
}

void PauseMetrics::set(std::string_view dependency, bool now) const {
  const auto it = pauses_.find(dependency);
  if (it == pauses_.end()) return;
  const auto& [gauge, total] = it->second;
  if (now && gauge.value() == 0) total.add();
  gauge.set(now ? 1 : 0);
}

}  // namespace pawl::observe
