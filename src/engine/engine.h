// The engine: one thread, its lanes, the rows their commands touch, and up to N batches in flight,
// in order.
//
// The way of a command is advance(): claim → decide → save → fence → commit → settle. Everything
// that goes wrong on the way is remembered as a doubt and mended in one place (recovery.cc);
// nothing else ends a batch early.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "pawl/codec/command_decoder.h"
#include "pawl/core/clock.h"
#include "pawl/engine/batch.h"
#include "pawl/engine/decider.h"
#include "pawl/engine/domain.h"
#include "pawl/engine/handling.h"
#include "pawl/engine/lane.h"
#include "pawl/engine/locked_mode.h"
#include "pawl/engine/mailbox.h"
#include "pawl/engine/pause_board.h"
#include "pawl/engine/ports.h"
#include "pawl/engine/settings.h"
#include "pawl/engine/status.h"
#include "pawl/engine/store.h"
#include "pawl/outbox/committed_batches.h"

namespace pawl::engine {

class Engine {
 public:
  struct Parts {
    Store& store;
    Intake& intake;
    Domain& domain;
    const codec::CommandDecoder& decoder;
    observe::EngineMetrics& metrics;
    const observe::Log& log;
    const Clock& clock;
    Circuits& circuits;                                          // of what handlers call
    std::uint64_t seed;                                          // of jitter and event ids
    std::function<void(outbox::CommittedBatch)> on_committed{};  // tells the relay; must not wait
    const PauseBoard* pauses = nullptr;                          // null: nobody pauses anything
  };
  Engine(EngineSettings settings, Parts parts);

  /// Where Kafka leaves assignments and revocations.
  [[nodiscard]] LaneOwner& lane_owner() { return mailbox_; }
  /// What its handlers are at. Safe from any thread.
  [[nodiscard]] const Handling& handling() const { return handling_; }
  /// Safe from any thread.
  [[nodiscard]] Status status() const { return board_.read(); }

  /// One turn: takes in what has come, does what can be done, never waits for an answer of a batch.
  /// (Taking lanes over and recovery wait for the database, seconds at most.) Returns whether
  /// anything moved. The thread's loop and the tests' clock.
  bool step();
  /// How long nothing will happen by itself after a step that moved nothing.
  [[nodiscard]] std::chrono::milliseconds idle_for() const;

 private:
  static constexpr std::size_t kTurnMax = 64;  // records a lane gives before the next one's turn
  static constexpr std::size_t kHandlersMax = 256;  // in a batch, if they are fast
  static constexpr std::size_t kRunMax = 64;        // parked commands of one key in a batch
  static constexpr std::chrono::milliseconds kGatherDue{200};
  static constexpr std::chrono::seconds kHeldVersionsEvery{1};
  static constexpr std::chrono::seconds kRetakePause{
      5};  // longer than Kafka needs to tell us that a lane is not ours

  // ---- the way of a batch, engine.cc
  bool advance();
  bool watch_idle_sessions();
  [[nodiscard]] bool may_receive(const Batch& batch) const;
  bool receive(Batch& batch);
  void on_answer(Batch& batch, TakeParkedAnswer& answer);
  void on_answer(Batch& batch, ClaimAnswer& answer);
  void on_answer(Batch& batch, LoadAnswer& answer);
  void on_answer(Batch& batch, SaveAnswer& answer);
  void on_answer(Batch& batch, FenceAnswer& answer);
  void on_answer(Batch& batch, CommitAnswer& answer);
  void on_answer(Batch& batch, Failure& failure);
  bool start_batch();
  Batch& enter(std::unique_ptr<Batch> batch);
  void claim(Batch& batch);
  bool take_number(Batch& batch, std::int64_t outbox_batch);
  void note_decided(Batch& batch);
  void save(Batch& batch);
  void fence(Batch& batch);
  void commit(Batch& batch);
  void settle(Batch& batch);
  [[nodiscard]] bool may_start() const;
  [[nodiscard]] bool one_at_a_time() const;
  [[nodiscard]] bool is_worth_overlapping(const Batch& batch) const;
  [[nodiscard]] const Batch* before(const Batch& batch) const;
  [[nodiscard]] std::size_t batch_limit() const;
  bool prepare_batch();
  void fill_prepared();
  void take_items(Batch& batch);
  [[nodiscard]] std::vector<Lane*> lanes_in_turn();
  bool take_from(Lane& lane, Batch& batch, std::size_t records_max);
  static void add_item(Batch& batch, Pending pending, Lane& lane);
  [[nodiscard]] bool is_full(const Batch& batch, std::size_t commands_max) const;
  [[nodiscard]] int free_session() const;
  void report(const Batch& batch);

  // ---- the way of a batch with handlers, until it is decided; handler_batches.cc
  void do_segment(Batch& batch);
  bool save_segment(Batch& batch);
  void next_segment(Batch& batch);
  bool run_handlers(Batch& batch);
  [[nodiscard]] bool must_be_alone(const Batch& batch) const;
  void give_excess_back(Batch& batch) const;
  void learn_handlers_max(const Batch& batch);

  // ---- the way of a batch of parked commands, until it is claimed; parked_batches.cc
  bool start_parked_batch();
  [[nodiscard]] bool is_turn_of_parked();
  TakeParkedRequest take_due(Batch& batch);
  void take_due(Lane& lane, Batch& batch, TakeParkedRequest& request, std::size_t& room);
  [[nodiscard]] bool may_claim(const Batch& batch) const;
  void read_held(const std::set<TopicPartition>& abandoned = {});
  bool watch_held_versions();

  // ---- what may have ended another process, crash_suspects.cc
  void suspect(const Position& position);
  [[nodiscard]] static bool is_suspect(const Batch& batch);
  bool mark(Batch& batch);

  // ---- what operators have paused, pausing.cc
  bool obey_pauses();
  void obey_pauses(Lane& lane) const;
  void peek_paused();
  [[nodiscard]] bool knows_pauses() const;

  // ---- lanes come and go, taking.cc
  bool read_mailbox();
  bool take_lanes();
  void open_lanes(const std::vector<Position>& positions);
  void ensure_positions(const std::vector<TopicPartition>& lanes);
  bool release_lanes();
  void give_lanes_up();
  void drop_lanes();

  // ---- everything that went wrong, recovery.cc
  struct Doubt {
    enum class Kind { failed, conflict, fenced, unknown_commit } kind;
    Batch* batch;
    std::string what;
    std::optional<Failure> failure{};
  };
  // After a doubt the engine goes carefully for as many commands as were given back: one batch at a
  // time, small if a command is suspected, with locks if somebody else writes our rows.
  struct Care {
    std::size_t commands = 0;
    std::size_t limit = 0;
    bool lock = false;
  };
  static std::string_view to_string(Doubt::Kind kind);
  void doubt(Doubt doubt);
  bool lose_patience();
  bool mend();
  void mend(const Doubt& doubt);
  void mend_failed(Batch& batch, const Failure& failure);
  void isolate(Batch& batch, const Failure& failure);
  void note_conflict();
  void leave_locked_mode();
  void redo(Care care);
  void reread_held();
  static bool changes_held(const Batch& batch);
  bool recover();
  void retake_lost(std::vector<Position>& positions);
  [[nodiscard]] bool may_retake() const;
  void settle_committed(const std::vector<Position>& positions);
  void give_everything_back(Care care);
  void give_prepared_back();
  void go_away(const Failure& failure, std::string_view dependency = "database");
  void came_back();
  [[nodiscard]] std::vector<TopicPartition> lane_ids() const;

  void publish_status(bool moved);

  EngineSettings settings_;
  Parts parts_;
  std::mt19937_64 random_;
  Handling handling_;
  Decider decider_;
  Mailbox mailbox_;
  StatusBoard board_;

  std::map<TopicPartition, std::unique_ptr<Lane>> lanes_;
  std::size_t handlers_max_ =
      kHandlersMax;                   // that a batch takes in: what is claimed should be done
  std::size_t first_lane_ = 0;        // rotates, so that no lane starves
  bool parked_had_its_turn_ = false;  // the last batch came from there
  std::deque<std::unique_ptr<Batch>> in_flight_;
  std::unique_ptr<Batch> prepared_;               // taken and decoded, not started
  std::vector<Pending> taken_;                    // one lane's turn
  std::vector<std::unique_ptr<Batch>> finished_;  // settled, to be destroyed when there is time
  BatchNumber last_number_ = 0;
  std::size_t expected_size_ = 0;  // of the next batch: as the last one
  std::int64_t last_outbox_batch_ = 0;
  std::int64_t epoch_ = 0;

  std::uint64_t pauses_version_ = PauseBoard::kNothingRead;
  Pauses pauses_;

  std::optional<Assigned> taking_;
  std::optional<Revoked> releasing_;
  SteadyTime release_until_{};
  std::optional<std::int64_t>
      next_epoch_;  // drawn for the present taking, kept until it is answered

  std::optional<Doubt> doubt_;
  bool must_recover_ = true;  // no connections yet
  std::optional<std::string> away_;
  std::string_view away_from_;  // "database" or "broker"
  WallTime away_since_{};
  int probes_ = 0;
  int losses_ = 0;  // of connections, since the last batch was committed
  SteadyTime probe_at_{};
  std::optional<SteadyTime> retake_at_;  // when lanes lost to another process are taken again
  Care care_;
  LockedMode locked_mode_;
  SteadyTime published_at_{};
  SteadyTime held_versions_read_at_{};
  SteadyTime answered_at_{};  // the database's last answer, or its first question since
};

}  // namespace pawl::engine
