// pawl.held_key and pawl.parked_command in memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "pawl/engine/parking.h"
#include "pawl/engine/store.h"

namespace pawl::test {

class FakeParking {
 public:
  /// False when a row was not as the engine believes; nothing is promised of the rest then.
  [[nodiscard]] bool apply(const engine::ParkingChanges& changes);
  [[nodiscard]] engine::TakeParkedAnswer take(const engine::TakeParkedRequest& request);
  [[nodiscard]] std::vector<engine::HeldKeyFound> read(std::span<const TopicPartition> lanes) const;
  /// The database's clock goes on: what is due comes nearer. Without it each reading finds the
  /// waits as they were written.
  void pass(std::chrono::milliseconds time);
  /// A redrive: to the end of its key's queue; a key that was not held is due now.
  void hand_back(const engine::DeadLetter& letter);

  struct Held {
    engine::HeldKeyRow row;
    int started = 0;
    std::map<std::int64_t, engine::ParkedCommand> parked;  // by sequence
  };
  using Name = std::pair<TopicPartition, engine::HeldKeyId>;
  [[nodiscard]] const std::map<Name, Held>& held() const { return held_; }

 private:
  std::map<Name, Held> held_;
};

}  // namespace pawl::test
