// Puts the commands into their topic before the worker starts.
#pragma once

#include "bench/interrupt.h"
#include "bench/options.h"
#include "bench/sent.h"
#include "bench/stage.h"

namespace pawl::bench {

/// The workload's commands, duplicates and failing ones among them. `run` makes the ids of each run
/// different. Throws std::runtime_error when the broker did not take them all.
[[nodiscard]] Sent preload(const Stage& stage,
                           const Options& options,
                           int run,
                           const Interrupt& interrupt);

/// What makes a command fail, if the workload has failing ones: a stage's database refuses
/// transfers with this memo, and statements of the accounts behind the last one that is used.
inline constexpr const char* kRefusedMemo = "to be refused";
inline constexpr std::int64_t kRefusedAccounts = 2;

/// Commands of the workload's kind on the stage's accounts and nothing else, so no account is
/// opened.
[[nodiscard]] command_publisher::LoadShape good_commands(const Options& options,
                                                         std::uint64_t seed);

}  // namespace pawl::bench
