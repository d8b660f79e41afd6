// Whether a run counts: speed without these would be no figure of anything.
#pragma once

#include <vector>

#include "bench/event_log.h"
#include "bench/figures.h"
#include "bench/interrupt.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

/// Waits until the relay has noted that everything is published, a few seconds at most; the checks
/// tell if it has not.
void await_published(const Stage& stage, const Interrupt& interrupt);

/// After the worker's end, whose exit code is given. Throws Failure when the database does not
/// answer.
[[nodiscard]] std::vector<Check> check_run(const Stage& stage,
                                           const Sent& sent,
                                           const EventLog& events,
                                           int exit_code);

[[nodiscard]] bool all_hold(const std::vector<Check>& checks);

}  // namespace pawl::bench
