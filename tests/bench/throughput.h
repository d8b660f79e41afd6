// How fast a backlog is worked off, and what CPU that costs.
#pragma once

#include "bench/event_log.h"
#include "bench/figures.h"
#include "bench/interrupt.h"
#include "bench/progress.h"
#include "bench/sent.h"
#include "bench/stage.h"
#include "bench/worker_process.h"

namespace pawl::bench {

/// Watches a worker from before its start until every command has its event.
class ThroughputRun {
 public:
  /// Before the worker is started: takes the first look at CPU times.
  ThroughputRun(const Stage& stage, const Sent& sent);

  /// Returns when all events are in their topic. Throws std::runtime_error when the worker ends or
  /// gets no further for a minute.
  void await(WorkerProcess& worker, const Interrupt& interrupt, const Progress& progress);

  /// `events` as read after await().
  [[nodiscard]] ThroughputFigures figures(const EventLog& events) const;

 private:
  const Stage& stage_;
  const Sent& sent_;
  CpuSample before_, after_;
};

}  // namespace pawl::bench
