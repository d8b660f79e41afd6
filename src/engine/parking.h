// What the engine and its store tell each other about parked commands.
//
// A command that failed and may yet succeed waits in pawl.parked_command, at the head of its key's
// queue; the key is held (pawl.held_key): later commands of it are appended, all other keys flow.
// A record without key, and one whose type skips the order, parks alone.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/core/uuid.h"

namespace pawl::engine {

/// What a command needs is down, which is no fault of the command's.
struct Outage {
  SteadyTime until;  // to be asked again then
  bool called;       // it was asked by this command; otherwise it was spared
};

/// Why a command failed, without its payload.
struct FailureNote {
  std::string failure_class;  // "handler", "database", "outside" or "undecodable"
  std::string code;
  std::string text;
  std::optional<std::chrono::milliseconds> retry_after{};  // as the handler asked for
  std::optional<Outage> outage{};                          // no attempt is counted
};

/// A held key of one lane.
struct HeldKeyId {
  static constexpr std::int64_t kNotAlone = -1;

  std::string key;
  std::int64_t lone_offset = kNotAlone;  // of a record that parks alone; `key` is empty then
  auto operator<=>(const HeldKeyId&) const = default;
};

struct HeldKeyPlace {
  TopicPartition lane;
  HeldKeyId held;
};

/// Where a parked command stands: sequences of a key grow from its head on.
struct ParkedPlace {
  HeldKeyId held;
  std::int64_t sequence = 0;
};

/// A command to be appended to its key's queue: the record as received.
struct ParkedCommand {
  TopicPartition lane;
  ParkedPlace place;
  std::int64_t offset;
  WallTime record_time;
  Uuid message_id;
  std::string type;
  std::optional<std::string> key;
  std::string headers;  // JSON, see codec/headers_json.h
  std::optional<std::string> payload;
};

/// A held key as a batch leaves it.
struct HeldKeyRow {
  HeldKeyPlace place;
  int attempts;  // failed ones of its head
  std::chrono::milliseconds failing_for;
  std::chrono::milliseconds due_in;
  FailureNote last_failure;  // of its head; empty when that has not been tried yet
  int tried;                 // how many of the failed attempts were made in this batch
};

/// A parked command has ended.
struct ParkedEnd {
  TopicPartition lane;
  ParkedPlace place;
};

/// What one batch changes. Keys that hold and keys that are released are different ones.
struct ParkingChanges {
  std::vector<ParkedCommand> parked;
  std::vector<ParkedEnd> ended;
  std::vector<HeldKeyRow> held;        // new ones, and those whose head has changed
  std::vector<HeldKeyPlace> released;  // their last command has ended

  [[nodiscard]] bool empty() const {
    return parked.empty() && ended.empty() && held.empty() && released.empty();
  }
};

/// A held key as a taking finds it.
struct HeldKeyFound {
  HeldKeyPlace place;
  int attempts;
  std::chrono::milliseconds failing_for;
  std::chrono::milliseconds due_in;  // negative: overdue
  FailureNote last_failure;
  std::int64_t parked;
  std::int64_t next_sequence;
  int unfinished;  // attempts of its head that began and did not end
};

/// Heads that are due: marks, in a transaction of its own, that an attempt of each begins, and
/// reads them with what waits behind them.
struct TakeParkedRequest {
  struct Key {
    HeldKeyPlace place;
    std::int64_t commands_max;
    int crashes;  // on its head until now
  };
  std::int64_t epoch;
  std::vector<Key> keys;
  std::int64_t bytes_max;  // of payloads; the last one may exceed it
};
struct TakeParkedAnswer {
  struct Parked {
    std::size_t key;  // its number in the request
    std::int64_t sequence;
    Record record;
  };
  std::vector<Parked> parked;  // by key, in order
};

}  // namespace pawl::engine
