// Keeps a flood of the same trouble from becoming a flood of lines.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "pawl/core/clock.h"

namespace pawl::observe {

/// At most one line per key and interval. Thread-safe. Keys are bounded: when there are too many,
/// all are forgotten, which costs a few extra lines.
///
///   if (auto left_out = limiter.admit("undecodable")) log.warn("cannot decode", {{"left_out",
///   *left_out}, …});
class LogLimiter {
 public:
  explicit LogLimiter(const Clock& clock,
                      std::chrono::milliseconds interval = std::chrono::seconds{1})
      : clock_(clock), interval_(interval) {}

  /// How many lines of this key were left out since the last one, if one may be written now.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::string_view key);

 private:
  static constexpr std::size_t kKeysMax = 1000;
  struct State {
    SteadyTime next;
    std::uint64_t left_out = 0;
  };

  const Clock& clock_;
  std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::map<std::string, State, std::less<>> states_;
};

}  // namespace pawl::observe
