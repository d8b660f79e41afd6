// Memory for the messages of one batch, given back all at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace google::protobuf {
class Arena;
}

namespace pawl::codec {

/// Owned by a batch: decoded messages, and the texts that could not stay views into their record,
/// live here until reset() or the end of the arena. Not thread-safe. Grows with what is decoded;
/// the batch's byte bound bounds it.
class MessageArena {
 public:
  MessageArena();
  ~MessageArena();
  MessageArena(const MessageArena&) = delete;
  MessageArena& operator=(const MessageArena&) = delete;

  /// Destroys everything that was made since the last reset; every message and view handed out is
  /// invalid then.
  void reset();

  /// Moves a text in; the view is valid until reset().
  [[nodiscard]] std::string_view keep(std::string text);

  /// For this folder only: what generated messages are created on.
  [[nodiscard]] google::protobuf::Arena* get() noexcept { return arena_.get(); }

 private:
  std::unique_ptr<char[]>
      first_block_;  // kept over resets, so that a batch of usual size allocates nothing
  std::unique_ptr<google::protobuf::Arena> arena_;
};

}  // namespace pawl::codec
