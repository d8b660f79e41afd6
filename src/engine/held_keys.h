// The held keys of one lane, in memory: which they are, when their heads are due, how many commands
// are parked behind them. Follows the batches' decisions in order, ahead of the database; after a
// doubt it is read from there again. Owned and used by one engine's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pawl/codec/command_type.h"
#include "pawl/core/clock.h"
#include "pawl/engine/parking.h"
#include "pawl/engine/table.h"

namespace pawl::engine {

struct HeldKey {
  int attempts = 0;  // failed ones of its head
  SteadyTime first_failed_at{};
  SteadyTime due_at{};
  FailureNote last_failure{};  // of its head
  int tried = 0;               // attempts of its head that failed in the batch in flight
  std::int64_t parked = 0;     // commands, the head included
  std::int64_t next_sequence = 0;
  BatchNumber batch = 0;  // in flight, which has taken or made it; 0: none
  bool stuck = false;     // in that batch its head goes on waiting, and so does what is behind it
  const codec::CommandType* head_type = nullptr;  // as far as it has been seen
};

class HeldKeys {
 public:
  /// As they were just read.
  void restart(std::span<const HeldKeyFound> found, SteadyTime now);

  [[nodiscard]] bool empty() const { return keys_.empty(); }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  /// Commands of all keys.
  [[nodiscard]] std::int64_t parked() const { return parked_; }

  /// Null when the key is not held.
  [[nodiscard]] HeldKey* find(const HeldKeyId& id);
  [[nodiscard]] const HeldKey* find_key(std::string_view key) const;

  /// The database refused the batch in which this key's head ran: that is to be noted, the head is
  /// not to be run. Outlives restart(), for the doubt that follows.
  void refuse(const HeldKeyId& id, FailureNote failure);
  /// Once; null: nothing to note.
  std::unique_ptr<FailureNote> take_refusal(const HeldKeyId& id);
  /// Its statements may be refused again, or it may end the process: it runs in a batch of its own.
  [[nodiscard]] bool is_alone(const HeldKeyId& id) const;

  /// So many processes ended while this key's head was in their hands. Outlives restart(), and so
  /// long as the key is held its next heads run alone, too.
  void suspect(const HeldKeyId& id, int crashes);
  /// How many; 0: it is no suspect.
  [[nodiscard]] int crashes_on(const HeldKeyId& id) const;

  /// Commands of these types wait, and no others. A head that is known to be one of them is not
  /// due; one that has not been seen yet is, and whoever takes it finds out.
  void pause(std::set<std::string, std::less<>> types);
  [[nodiscard]] bool is_paused(const codec::CommandType& type) const {
    return !paused_.empty() && paused_.contains(type.name);
  }

  /// Holds a key by a batch in flight.
  HeldKey& hold(const HeldKeyId& id, BatchNumber batch);
  /// One more command; returns its place.
  std::int64_t append(HeldKey& key);
  /// A command, its head, has ended: the next one is due at once.
  void end_head(HeldKey& key, SteadyTime now);
  void release(const HeldKeyId& id);

  /// When the next head is due that no batch has taken.
  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  /// That key, which is now a batch's; due ones only. Null: none.
  const HeldKeyId* take_due(SteadyTime now, BatchNumber batch);
  /// It was taken and is to be taken another time.
  void put_back(const HeldKeyId& id);
  /// The batch is committed; nothing happens when it released the key.
  void settle(const HeldKeyId& id, BatchNumber batch);

 private:
  // Looks keys up without copying them.
  struct Ref {
    std::string_view key;
    std::int64_t lone_offset;
    bool operator==(const Ref&) const = default;
  };
  static Ref ref(const HeldKeyId& id) { return {id.key, id.lone_offset}; }
  static Ref ref(const Ref& ref) { return ref; }
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const auto& id) const {
      return std::hash<std::string_view>{}(ref(id).key) ^
             std::hash<std::int64_t>{}(ref(id).lone_offset);
    }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return ref(a) == ref(b); }
  };
  using Keys = std::unordered_map<HeldKeyId, HeldKey, Hash, Equal>;

  void await_due(const HeldKeyId& id, const HeldKey& key);

  // By key when they are due at the same time: what happens does not hang on addresses.
  struct Sooner {
    using Due = std::pair<SteadyTime, const HeldKeyId*>;
    bool operator()(const Due& a, const Due& b) const {
      return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    }
  };
  Keys keys_;
  std::set<Sooner::Due, Sooner> due_;          // those that no batch has taken, and not paused
  std::set<std::string, std::less<>> paused_;  // types
  std::map<HeldKeyId, FailureNote> refused_;
  std::map<HeldKeyId, int> suspects_;  // crashes
  std::int64_t parked_ = 0;
};

}  // namespace pawl::engine
