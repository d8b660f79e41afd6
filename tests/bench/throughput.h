// How fast a backlog is worked off, and what CPU that costs.
#pragma once

#include "bench/event_log.h"
#include "bench/figures.h"
#include "bench/interrupt.h"
#include "bench/progress.h"
#include "bench/sent.h"
#include "bench/stage.h"
#include "bench/workers.h"

namespace pawl::bench {

/// Watches workers from before their start until every command has its event or its dead letter.
class ThroughputRun {
 public:
  /// Before they are started: takes the first look at CPU times.
  ThroughputRun(const Stage& stage, const Sent& sent);

  /// Returns when all events and dead letters are in their topics. Throws std::runtime_error when a
  /// worker ends or they get no further for a minute.
  void await(Workers& workers, const Interrupt& interrupt, const Progress& progress);

  /// `events` as read after await().
  [[nodiscard]] ThroughputFigures figures(const EventLog& events) const;

 private:
  const Stage& stage_;
  const Sent& sent_;
  CpuSample before_, after_;
};

}  // namespace pawl::bench
