// Which services the processes of a consumer do not call now, in the database: processes tell it,
// `pawl status` reads it.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/postgres/connection.h"

namespace pawl::run_control {

/// A circuit as its process knows it.
struct OwnCircuit {
  std::string dependency;
  std::string what;  // its last failure; told at 1 KiB at most
  WallTime since;
};
/// Replaces what this process has told before by the circuits that are open now. Throws Failure,
/// also when the answer takes longer than `answer_max`.
void tell_open_circuits(postgres::Connection& connection,
                        const std::string& consumer,
                        const std::string& process,
                        std::span<const OwnCircuit> open,
                        std::chrono::milliseconds answer_max);

struct OpenCircuit {
  std::string process;  // "host:pid"
  std::string dependency;
  std::string what;  // the last failure
  std::chrono::duration<double> open_for{};
};
/// Of processes that have told of it within the last 30 s, by dependency and process.
[[nodiscard]] std::vector<OpenCircuit> open_circuits(postgres::Connection& connection,
                                                     std::int16_t consumer);

}  // namespace pawl::run_control
