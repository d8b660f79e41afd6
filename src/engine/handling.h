// Which command a handler has in its hands, for a watch on another thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "pawl/codec/command_type.h"
#include "pawl/core/record.h"

namespace pawl::engine {

/// Written by the engine's thread: plain stores, which cost nothing beside a command. Read by any
/// thread.
class Handling {
 public:
  struct Seen {
    std::uint64_t number = 0;  // of the call; another one: the handler has come back
    bool busy = false;         // in a handler, or between two of them
    const codec::CommandType* type = nullptr;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
  };

  /// A handler is about to be called. The type outlives the engine.
  void begin(const codec::CommandType& type, const Record& record) {
    type_.store(&type, std::memory_order_relaxed);
    partition_.store(record.partition, std::memory_order_relaxed);
    offset_.store(record.offset, std::memory_order_relaxed);
    number_.store((number_.load(std::memory_order_relaxed) | 1) + 2, std::memory_order_release);
  }
  /// No handler is called any more for now.
  void end() {
    number_.store((number_.load(std::memory_order_relaxed) + 1) & ~std::uint64_t{1},
                  std::memory_order_release);
  }

  /// Calls end() when it goes.
  class End {
   public:
    explicit End(Handling& handling) : handling_(handling) {}
    ~End() { handling_.end(); }
    End(const End&) = delete;
    End& operator=(const End&) = delete;

   private:
    Handling& handling_;
  };

  /// Type and place belong to `number` when a later read finds the same number.
  [[nodiscard]] Seen read() const {
    const std::uint64_t number = number_.load(std::memory_order_acquire);
    return {.number = number,
            .busy = (number & 1) != 0,
            .type = type_.load(std::memory_order_relaxed),
            .partition = partition_.load(std::memory_order_relaxed),
            .offset = offset_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<std::uint64_t> number_{0};  // odd: busy
  std::atomic<const codec::CommandType*> type_{nullptr};
  std::atomic<std::int32_t> partition_{0};
  std::atomic<std::int64_t> offset_{0};
};

}  // namespace pawl::engine
