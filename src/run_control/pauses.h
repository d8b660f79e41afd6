// What operators have paused, in the database.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/pause.h"
#include "pawl/postgres/connection.h"
#include "pawl/run_control/decision.h"

namespace pawl::run_control {

/// What stands for a consumer, in a fixed order; nothing for one that the database does not know.
/// Throws Failure, also when the answer takes longer than `answer_max`.
[[nodiscard]] Pauses read_pauses(postgres::Connection& connection,
                                 const std::string& consumer,
                                 std::chrono::milliseconds answer_max);

/// The same for people.
struct StandingPause {
  Pause pause;
  Decision decision;
  WallTime at;
};
[[nodiscard]] std::vector<StandingPause> standing_pauses(postgres::Connection& connection,
                                                         std::int16_t consumer);

/// Each with its row of audit, in one statement. False: it stood already. Throws Failure.
bool pause(postgres::Connection& connection,
           std::int16_t consumer,
           const Pause& what,
           const Decision& decision);
/// Ends exactly this pause, not others that fit it; false: it does not stand.
bool resume(postgres::Connection& connection,
            std::int16_t consumer,
            const Pause& what,
            const Decision& decision);
/// Ends all; returns how many.
std::int64_t resume_all(postgres::Connection& connection,
                        std::int16_t consumer,
                        const Decision& decision);

}  // namespace pawl::run_control
