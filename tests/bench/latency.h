// How long one command takes when there is no backlog.
#pragma once

#include "bench/figures.h"
#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

inline constexpr int kLatencyRate = 500;  // commands a second

/// Sends commands at a fixed schedule, whatever comes back (open loop), and takes the time from
/// when each was due to when its event was read back, by one steady clock. Before, fifteen seconds
/// at five times the rate and three at the rate itself warm up and do not count. Adds to `sent`.
/// Throws std::runtime_error when an event does not come.
[[nodiscard]] LatencyFigures measure_latency(
    const Stage& stage, const Options& options, int run, Sent& sent, const Interrupt& interrupt);

}  // namespace pawl::bench
