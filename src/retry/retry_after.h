// What a handler throws when something outside is not there for it now.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace pawl {

/// Thrown by a handler (or a decider): the command is tried again after `wait`, as a service asks
/// with HTTP's Retry-After (RFC 9110 §10.2.3). Its failure class is "outside"; attempts and age are
/// counted by that class's policy, its waits are replaced by this one (age_max at most). `code`: a
/// short word for metrics and groups of dead letters. `text` must not hold the payload.
class RetryAfter : public std::runtime_error {
 public:
  RetryAfter(std::chrono::milliseconds wait, std::string code, const std::string& text)
      : std::runtime_error(text), wait_(wait), code_(std::move(code)) {}

  [[nodiscard]] std::chrono::milliseconds wait() const noexcept { return wait_; }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }

 private:
  std::chrono::milliseconds wait_;
  std::string code_;
};

}  // namespace pawl
