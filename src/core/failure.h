// Something broke. A failure answers "what shall I do now?", not which library it came from.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace pawl {

enum class Remedy {
  rerun_now,            // nobody's fault (deadlock, serialization, lock timeout): run again
  reconnect_and_rerun,  // the other side is away or the connection is lost: probe, then run again
  retry_later,          // this piece of work failed; another attempt may succeed
  give_up,              // no attempt can succeed until somebody changes something
};

constexpr std::string_view to_string(Remedy remedy) noexcept {
  switch (remedy) {
    case Remedy::rerun_now:
      return "rerun_now";
    case Remedy::reconnect_and_rerun:
      return "reconnect_and_rerun";
    case Remedy::retry_later:
      return "retry_later";
    case Remedy::give_up:
      return "give_up";
  }
  return "impossible";
}

/// Made by the edges only, once, at the call that failed. `code` is the source's own stable code
/// (SQLSTATE, librdkafka error name), `what()` says what failed, for which thing, and what to do;
/// it never holds a payload.
class Failure : public std::runtime_error {
 public:
  Failure(Remedy remedy, std::string code, const std::string& text)
      : std::runtime_error(text), remedy_(remedy), code_(std::move(code)) {}

  [[nodiscard]] Remedy remedy() const noexcept { return remedy_; }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }

 private:
  Remedy remedy_;
  std::string code_;
};

}  // namespace pawl
