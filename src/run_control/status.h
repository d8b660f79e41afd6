// How the consumers of a database stand, as the database knows it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/postgres/connection.h"
#include "pawl/run_control/open_circuits.h"
#include "pawl/run_control/pauses.h"

namespace pawl::run_control {

using Seconds = std::chrono::duration<double>;

struct LaneState {
  TopicPartition lane;
  std::string owner;   // "host:pid" of whoever took it last; empty: it was given up
  bool owned = false;  // one of that process's connections is there
  std::int64_t next_offset = 0;
  std::int64_t held_keys = 0;
  std::int64_t parked = 0;
};

struct ConsumerState {
  std::string name;
  std::vector<LaneState> lanes;  // by topic and partition
  std::vector<StandingPause> pauses;
  std::vector<OpenCircuit> open_circuits;
  std::int64_t dead = 0, redriven = 0, discarded = 0;  // dead letters, by state
};

struct OutboxState {
  std::int64_t unpublished = 0;  // rows, held ones included
  Seconds oldest{};              // age of the oldest of them
  std::int64_t held_events = 0;  // of them: refused by the broker, and those behind them
  std::int64_t held_keys = 0;
};

struct RelayState {
  std::string name;
  std::string owner;  // empty: nobody
  std::int64_t batch = 0;
  std::int64_t holes = 0;
  Seconds silent_for{};  // since it stored its position
};

struct State {
  WallTime at;  // by the database's clock
  std::vector<ConsumerState> consumers;
  OutboxState outbox;
  std::vector<RelayState> relays;
};

/// Of one consumer, or of all that the database knows; outbox and relays are everybody's. One
/// snapshot. Throws Failure.
[[nodiscard]] State read_state(postgres::Connection& connection,
                               std::optional<std::int16_t> consumer);

}  // namespace pawl::run_control
