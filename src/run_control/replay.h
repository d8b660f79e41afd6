// A consumer that does not exist yet is given positions to begin at.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/postgres/connection.h"
#include "pawl/run_control/decision.h"

namespace pawl::run_control {

struct FirstOffset {
  TopicPartition lane;
  std::int64_t offset = 0;
};

/// In one transaction with its row of audit. False, and nothing done, when a consumer of this name
/// has positions, in whatever topic. No other consumer's rows are touched. Throws Failure.
bool begin_replay(postgres::Connection& connection,
                  const std::string& consumer,
                  std::span<const FirstOffset> offsets,
                  WallTime from,
                  const Decision& decision);

}  // namespace pawl::run_control
