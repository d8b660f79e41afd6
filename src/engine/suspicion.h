// Which commands of a lane may be those that ended its last owner's process.
//
// An owner that gives its lane up says so in the database. One that did not may have crashed on a
// command, so its successor writes down what it is about to handle before it does (a mark), for as
// many commands as the last owner may have had in its hands. Whoever takes the lane with a mark
// over it runs what is marked one command at a time, each under a mark of its own that counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pawl::engine {

/// Crashes on one command that make it a dead letter.
inline constexpr int kCrashesMax = 3;

/// What a lane's owner is about to handle: records `first` to `last`.
struct Mark {
  std::int64_t first;
  std::int64_t last;
  int crashes;  // that there will have been if the process ends now
};

/// One lane's. Owned and used by one engine's thread.
class Suspicion {
 public:
  /// The lane was just taken from an owner that had not given it up. `left` is the mark that was
  /// found, if any; `commands`: so many that owner may have had in its hands.
  void begin(const std::optional<Mark>& left, std::int64_t next_offset, std::size_t commands) {
    suspects_.reset();
    if (left && left->last >= next_offset) suspects_ = left;
    unproven_ = commands;
  }

  /// Whether what is about to be handled must be marked.
  [[nodiscard]] bool stands() const { return unproven_ > 0 || suspects_; }

  /// How often a process ended while this command was in its hands, as far as marks tell. One that
  /// is above zero runs alone.
  [[nodiscard]] int crashes_on(std::int64_t offset) const {
    const bool is_suspect = suspects_ && suspects_->first <= offset && offset <= suspects_->last;
    return is_suspect ? suspects_->crashes : 0;
  }

  /// So many commands are through; the next one is at `next_offset`.
  void settle(std::int64_t commands, std::int64_t next_offset) {
    unproven_ -= std::min(unproven_, static_cast<std::size_t>(commands));
    if (suspects_ && suspects_->last < next_offset) suspects_.reset();
  }

 private:
  std::optional<Mark> suspects_;
  std::size_t unproven_ = 0;
};

}  // namespace pawl::engine
