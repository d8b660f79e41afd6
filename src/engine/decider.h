// Turns a batch of records into what its transaction will say: claims and loads first, then,
// knowing what is new and how the rows stand, everything else. Pure of I/O; one engine's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <vector>

#include "pawl/codec/command_decoder.h"
#include "pawl/core/clock.h"
#include "pawl/engine/batch.h"
#include "pawl/engine/domain.h"
#include "pawl/engine/handling.h"
#include "pawl/engine/ids_in_flight.h"
#include "pawl/engine/settings.h"
#include "pawl/observe/engine_metrics.h"
#include "pawl/observe/log.h"
#include "pawl/retry/circuits.h"

namespace pawl::postgres {
class HandlerTransaction;
}

namespace pawl::engine {

class Decider {
 public:
  struct Parts {
    const EngineSettings& settings;
    const codec::CommandDecoder& decoder;
    Domain& domain;
    observe::EngineMetrics& metrics;
    const observe::Log& log;
    const Clock& clock;
    std::mt19937_64& random;
    Handling& handling;
    Circuits& circuits;
  };
  explicit Decider(Parts parts) : parts_(parts) {}

  /// Bytes to commands, from item number `first` on.
  void decode(Batch& batch, std::size_t first) const;

  /// Fills batch.claim: ids that no batch in flight holds, and the rows that memory lacks; of a
  /// batch with handlers, those for its first segment.
  void prepare_claim(Batch& batch);

  /// Decides every command in order and fills batch.save and batch.fence. Commands that must be
  /// tried again, and those behind them in their lanes, go back to their lanes. `oldest_unsettled`
  /// as for Table::take_changes.
  void decide(Batch& batch,
              const ClaimAnswer& answer,
              BatchNumber oldest_unsettled,
              std::int64_t epoch);

  // ---- a batch with handlers, segment by segment, instead of decide()

  /// Its claim is answered; the first segment's rows have come with it.
  void begin(Batch& batch, const ClaimAnswer& answer, std::int64_t epoch);
  /// The rows that the segment's commands need and memory lacks.
  std::vector<TableLoad> touch(const Batch& batch, std::span<Item* const> segment);
  void accept(Batch& batch, std::span<const TableLoad> loads, std::span<const TableRows> rows);
  /// Decides the segment's commands. What they write or rest on is added to batch.save and
  /// batch.fence.
  void decide_segment(Batch& batch, std::span<Item* const> segment);
  /// Runs the segment's handlers and forgets the rows that they may have changed. One that fails or
  /// rejects leaves no trace; those that shared its savepoint are run again. When the batch has
  /// used up its savepoints or its time, the rest goes back to its lanes. A Failure is nobody's
  /// fault: it leaves the batch to be done again. Anything else that is thrown ends the process,
  /// see HandlerTransaction.
  void handle_segment(Batch& batch,
                      std::span<Item* const> segment,
                      postgres::HandlerTransaction& sql);

  /// The commands are decided: fills batch.fence.parking.
  void gather_parking(Batch& batch) const;

  /// After a commit: forgets the batch's ids and tells the tables.
  void settle(Batch& batch);

  /// The next batch loads all its rows again, whether memory holds them or not.
  void distrust();

  /// After a doubt: forgets all ids and all rows.
  void forget();

 private:
  static constexpr std::size_t kSavepointsMax = 64;  // that PostgreSQL keeps of a transaction where
                                                     // everybody looks first
  static constexpr std::size_t kGroupMax = 32;  // items: setting a savepoint is paid for by them
  static constexpr std::chrono::milliseconds kHandlingMax{100};  // locks are held meanwhile

  void mark_known(Batch& batch, const ClaimAnswer& answer);
  void touch(Item& item, std::size_t number);
  std::vector<TableLoad> take_needs();
  void decide_item(Batch& batch, Item& item);
  void decide_undecodable(Batch& batch, Item& item);
  void decide_command(Batch& batch, Item& item);
  /// Why it failed; empty: it is decided.
  std::optional<FailureNote> try_to_decide(Batch& batch, Item& item);
  struct Attempt;
  using Attempts = std::vector<std::unique_ptr<Attempt>>;
  [[nodiscard]] bool is_time_over(const Batch& batch) const;
  std::size_t handle_group(Batch& batch, std::span<Item* const> group);
  Attempts attempt_in_order(const Batch& batch, std::span<Item* const> group);
  void attempt(const Item& item, Attempt& attempt);
  void end_handled(Batch& batch, Item& item, const std::unique_ptr<Attempt>& attempt);
  void reject(Batch& batch, Item& item, const Decision& decision, std::optional<Emitted> event);
  void unclaim(Batch& batch, const Item& item);
  void give_back(Batch& batch, Item& item);
  void bury(Batch& batch, Item& item, const FailureNote& failure);
  void emit(Batch& batch, const Item& item, const Emitted& emitted);
  static LaneAdvance& advance_of(Batch& batch, const Lane& lane);
  void count_ended(Batch& batch, const Item& item);
  void report_mismatch(const Item& item) const;
  void gather_writes(Batch& batch, BatchNumber oldest_unsettled);
  Uuid new_id(const Batch& batch);

  // ---- what failed, and what waits behind it; decider_parking.cc
  [[nodiscard]] static bool is_its_turn(const Item& item);
  [[nodiscard]] static bool is_behind_held(const Item& item);
  [[nodiscard]] static bool is_paused(const Item& item);
  [[nodiscard]] bool may_be_known_later(const Item& item) const;
  void attempt_failed(Batch& batch, Item& item, FailureNote failure);
  [[nodiscard]] OnFailure on_failure(const Item& item) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_wait(const Item& item,
                                                                   const FailureNote& failure);
  [[nodiscard]] bool follows_at_once(const Item& item, const FailureNote& failure) const;
  void report_failed(const Item& item,
                     const FailureNote& failure,
                     std::chrono::milliseconds wait) const;
  void await_dependency(Batch& batch, Item& item, FailureNote failure);
  void postpone(Batch& batch, Item& item, FailureNote failure, SteadyTime due_at);
  void park(Batch& batch, Item& item, FailureNote failure, SteadyTime due_at);
  void park_paused(Batch& batch, Item& item);
  void note_failure(HeldKey& key, const Item& item, FailureNote failure, SteadyTime due_at) const;
  void park_behind(Batch& batch, Item& item);
  void retry_in_place(Batch& batch, Item& item, SteadyTime due_at);
  void block(Batch& batch, Item& item, SteadyTime until);
  void wait_for_room(Batch& batch, Item& item);
  [[nodiscard]] bool has_room(const Lane& lane, std::int64_t parked) const;
  void append(Batch& batch, Item& item, const HeldKeyId& id, HeldKey& key);
  void end_parked(Batch& batch, const Item& item) const;

  Parts parts_;
  IdsInFlight ids_;
  postgres::HandlerTransaction* sql_ = nullptr;  // while a segment's handlers run
  std::size_t group_max_ = 1;                    // items under one savepoint
  std::set<Table*> stale_;                       // what those wrote to
};

}  // namespace pawl::engine
