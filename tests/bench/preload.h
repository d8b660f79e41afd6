// Puts the commands into their topic before the worker starts.
#pragma once

#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

/// Transfers between random accounts, duplicates among them. `run` makes the ids of each run
/// different. Throws std::runtime_error when the broker did not take them all.
[[nodiscard]] Sent preload(const Stage& stage,
                           const Options& options,
                           int run,
                           const Interrupt& interrupt);

/// What a transfer's memo must be for a stage's database to refuse it, if the workload has failing
/// commands.
inline constexpr const char* kRefusedMemo = "to be refused";

/// Transfers between the stage's accounts and nothing else, so no account is opened.
[[nodiscard]] command_publisher::LoadShape transfers(const Options& options, std::uint64_t seed);

}  // namespace pawl::bench
