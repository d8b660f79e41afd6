#include "pawl/observe/log_limiter.h"

#include <utility>

namespace pawl::observe {

std::optional<std::uint64_t> LogLimiter::admit(std::string_view key) {
  const SteadyTime now = clock_.now();
  const std::scoped_lock lock{mutex_};
  auto it = states_.find(key);
  if (it == states_.end()) {
    if (states_.size() >= kKeysMax) states_.clear();
    states_.emplace(key, State{now + interval_});
    return 0;
  }
  if (now < it->second.next) {
    ++it->second.left_out;
    return std::nullopt;
  }
  it->second.next = now + interval_;
  return std::exchange(it->second.left_out, 0);
}

}  // namespace pawl::observe
