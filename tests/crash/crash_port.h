// Where a crash worker shall come to grief, and how. Production code has no such hooks: the worker
// of this folder is built from the same parts with these decorators around their interfaces.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::test {

/// On the way of a command, in order; closed.
enum class Point {
  after_poll,      // records were taken from a lane
  parked_read,     // parked commands were marked and read
  before_claim,    // decoded; nothing of the batch was asked of the database
  handled,         // handlers have run; nothing else of the batch is saved
  before_save,     // decided
  before_commit,   // saved and fenced
  commit_sent,     // COMMIT is on its way, its answer unread
  committed,       // the answer is there, nothing was settled
  before_offsets,  // settled; Kafka's informational offsets were not written
  published,       // acknowledged by the broker; the relay's position was not stored
};

inline constexpr std::array kPoints{Point::after_poll,
                                    Point::parked_read,
                                    Point::before_claim,
                                    Point::handled,
                                    Point::before_save,
                                    Point::before_commit,
                                    Point::commit_sent,
                                    Point::committed,
                                    Point::before_offsets,
                                    Point::published};

constexpr std::string_view to_string(Point point) noexcept {
  switch (point) {
    case Point::after_poll:
      return "after_poll";
    case Point::parked_read:
      return "parked_read";
    case Point::before_claim:
      return "before_claim";
    case Point::handled:
      return "handled";
    case Point::before_save:
      return "before_save";
    case Point::before_commit:
      return "before_commit";
    case Point::commit_sent:
      return "commit_sent";
    case Point::committed:
      return "committed";
    case Point::before_offsets:
      return "before_offsets";
    case Point::published:
      return "published";
  }
  return "impossible";
}

[[nodiscard]] std::optional<Point> point_called(std::string_view name);

/// What happens there.
enum class Harm {
  none,
  kill,       // SIGKILL to ourselves
  freeze,     // SIGSTOP to ourselves
  terminate,  // the batch's backend is terminated; at commit_sent after the server has committed,
              // and its answer is lost
};

/// Bugs that the checker must find, done for real.
enum class Bug {
  none,
  events_after_commit,     // the outbox outside the transaction
  claim_without_consumer,  // another consumer's inbox rows count as ours
  relay_forgets_holes,     // the naive relay: what is above the last number
  forgets_held,            // a worker that does not ask which keys are held when it takes lanes
};

/// Shared by the decorators of one worker. Thread-safe.
class CrashPort {
 public:
  struct Plan {
    std::optional<Point> point{};
    Harm harm = Harm::none;
    std::uint64_t pass = 1;  // at which pass of the point
    bool again = false;      // and at every multiple of it
    Bug bug = Bug::none;
  };
  explicit CrashPort(Plan plan) : plan_(plan) {}

  /// Kills or freezes us if it is time. True when the caller has to terminate the backend.
  bool pass(Point point);
  [[nodiscard]] bool has(Bug bug) const noexcept { return plan_.bug == bug; }

 private:
  Plan plan_;
  std::atomic<std::uint64_t> passes_{0};
};

}  // namespace pawl::test
