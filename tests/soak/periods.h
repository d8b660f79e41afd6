// How fast time passes in a soak: what takes days in production happens every few seconds.
#pragma once

#include <chrono>

namespace pawl::soak {

/// The shortest that may be set.
inline constexpr std::chrono::milliseconds kDedupeWindow = std::chrono::minutes{1};
/// The load repeats what was sent in this time. Commands may wait for the rest of the window, less
/// a margin: then a repeated id is older than the inbox remembers, and a run proves nothing.
inline constexpr std::chrono::seconds kRepeatedFor{5};
inline constexpr std::chrono::seconds kBehindMax = std::chrono::seconds{55} - kRepeatedFor;
/// Retries end, and wait, well within the window.
inline constexpr std::chrono::seconds kRetryAge{20};
inline constexpr std::chrono::seconds kRetryWait{10};
inline constexpr std::chrono::milliseconds kInboxPeriod = kDedupeWindow / 3;
inline constexpr std::chrono::milliseconds kOutboxPeriod = std::chrono::seconds{5};

}  // namespace pawl::soak
