// What the engine needs of the database: sessions that carry one batch's transaction each, and the
// positions of its lanes. Implemented on PostgreSQL (postgres_store.h) and in memory by the tests'
// fake. Used by one engine's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pawl/core/ending.h"
#include "pawl/core/failure.h"
#include "pawl/core/outbox_rows.h"
#include "pawl/core/record.h"
#include "pawl/engine/parking.h"
#include "pawl/engine/suspicion.h"
#include "pawl/engine/table_access.h"
#include "pawl/inbox/claim.h"

namespace pawl::postgres {
class HandlerTransaction;
}

namespace pawl::engine {

/// First step of a batch's transaction: BEGIN, hold the inbox generation, claim, load, draw the
/// outbox number.
struct ClaimRequest {
  std::vector<inbox::Claim> claims;
  std::vector<TableLoad> loads;
  bool lock_loaded =
      false;  // FOR UPDATE, in key order: after a conflict, so that the redo cannot conflict again
  bool draw_number = true;  // unless handlers follow: it is drawn after the last lock
};
struct ClaimAnswer {
  std::vector<std::pair<Uuid, std::int64_t>>
      known;  // duplicates, with the fingerprint as claimed then; the others are new
  std::vector<TableRows> rows;  // one per load
  std::int64_t outbox_batch = 0;
  WallTime began_at{};                    // the transaction's now(), by the database's clock
  std::optional<std::string> conflict{};  // somebody else claimed one of the ids at the same time
};

/// Between the segments of a batch with handlers, and after the last one.
struct LoadRequest {
  std::vector<TableLoad> loads;
  bool lock_loaded = false;
  bool draw_number = false;
};
struct LoadAnswer {
  std::vector<TableRows> rows;    // one per load
  std::int64_t outbox_batch = 0;  // if it was drawn
};

/// A command given up on: the row of pawl.dead_letter. Its record for the topic is an ordinary
/// outbox row.
struct DeadLetter {
  TopicPartition lane;
  std::int64_t offset;
  WallTime record_time;
  Uuid message_id;
  std::string type;
  std::optional<std::string> key;
  std::string headers;  // JSON, see codec/headers_json.h
  std::optional<std::string> payload;
  std::string failure_class;  // "handler", "database" or "undecodable"
  std::string code;
  std::string text;  // ≤ 4 KiB, never the payload
  std::int64_t fingerprint;
  int attempts;
  int tried;                                // how many of them are not in its held key's history
  std::optional<HeldKeyId> held_as{};       // if it was parked
  std::chrono::milliseconds failing_for{};  // since the first of them
};

/// Second step: everything that waits for nobody.
struct SaveRequest {
  std::int64_t outbox_batch = 0;
  WallTime began_at{};                // as answered; what the rows' created_at will be
  std::vector<Uuid> unclaim;          // commands that will be tried again
  std::vector<inbox::Ended> endings;  // other than completed
  std::vector<TableWrite> writes;
  OutboxRows events;
  std::vector<DeadLetter> dead_letters;
};
struct SaveAnswer {
  std::optional<std::string>
      conflict;  // table whose row count was wrong: somebody else changed a row
};

/// How far one lane moves with this batch, and what ended.
struct LaneAdvance {
  TopicPartition lane;
  std::int64_t next_offset;
  std::int64_t expected_commits;
  std::int64_t held_version;
  std::int64_t received, completed, duplicate, rejected, exhausted, undecodable;
  std::int64_t parked;  // more, or fewer
};

/// Third step, of the oldest batch only: positions under our epoch, what is parked, rows that
/// waited for an earlier batch, checks of rows that were only read.
struct FenceRequest {
  std::int64_t epoch;
  std::vector<LaneAdvance> lanes;
  ParkingChanges parking;
  std::vector<TableWrite> writes;
  std::vector<TableCheck> checks;
};
struct FenceAnswer {
  bool fenced = false;  // a position or a held key was not ours any more, or not as we left it
  std::optional<std::string> conflict;  // as in SaveAnswer, or a row that was read has changed
};

struct CommitAnswer {
  bool committed;  // COMMIT's own tag; false: the server rolled back
};

/// A Failure answer means: this step failed. remedy reconnect_and_rerun: the connection is gone.
using Answer = std::variant<TakeParkedAnswer,
                            ClaimAnswer,
                            LoadAnswer,
                            SaveAnswer,
                            FenceAnswer,
                            CommitAnswer,
                            Failure>;

/// One connection, one transaction at a time. Requests are sent, answers come later in the order of
/// the requests.
class Session {
 public:
  virtual ~Session() = default;
  /// Before claim(), a transaction of its own.
  virtual void take_parked(const TakeParkedRequest& request) = 0;
  virtual void claim(const ClaimRequest& request) = 0;
  virtual void save(const SaveRequest& request) = 0;
  virtual void fence(const FenceRequest& request) = 0;
  virtual void commit() = 0;
  /// The next answer if it has come; never waits.
  virtual std::optional<Answer> receive() = 0;
  /// Takes in what is outstanding and rolls back; waits for it. Throws Failure when the connection
  /// is gone. Not after commit().
  virtual void rollback() = 0;

  // ---- for batches with handlers; only where SQL is spoken
  virtual void load(const LoadRequest&) { throw std::logic_error("this session knows no SQL"); }
  /// The transaction, to be lent to handlers while nothing is outstanding.
  virtual postgres::HandlerTransaction& handlers() {
    throw std::logic_error("this session knows no SQL");
  }
};

/// A lane as the database knows it.
struct Position {
  TopicPartition lane;
  std::int64_t next_offset;
  std::int64_t commits;
  std::int64_t held_version = 0;
  bool abandoned = false;      // its last owner did not give it up; told by take_over()
  std::optional<Mark> mark{};  // that it left; told by take_over()
};

struct LaneMark {
  TopicPartition lane;
  Mark mark;
};

/// Takes or takes back the lanes of one engine. All calls wait, a few seconds at most, and throw
/// Failure.
class Store {
 public:
  virtual ~Store() = default;

  /// Closes all connections and opens `sessions` new ones.
  virtual void reconnect(int sessions) = 0;
  [[nodiscard]] virtual Session& session(int index) = 0;

  /// A value that no other taking has.
  virtual std::int64_t new_epoch() = 0;

  /// The lanes that this consumer has a position for, and whether it has ever read each one's
  /// topic.
  virtual std::vector<Position> positions(std::span<const TopicPartition> lanes) = 0;
  virtual bool topic_is_known(const std::string& topic) = 0;
  /// Stores where lanes begin that were never read; an existing position is left alone.
  virtual void add_positions(std::span<const Position> first) = 0;

  /// Takeover: waits a while for old owners that live to give their lanes up, terminates their
  /// connections, then writes our epoch whatever was there.
  /// Returns where the lanes are.
  virtual std::vector<Position> take_over(std::span<const TopicPartition> lanes,
                                          std::int64_t epoch) = 0;
  /// Recovery: terminates our own old connections, then replaces `mine` (or `epoch`, if an earlier
  /// try got through) by `epoch`. A lane that does not come back belongs to somebody else now.
  virtual std::vector<Position> take_back(std::span<const TopicPartition> lanes,
                                          std::int64_t mine,
                                          std::int64_t epoch) = 0;

  /// We leave the lanes alive, so nothing that we had in our hands is to blame for anything. No
  /// session is in a transaction. A lane that is not ours is left alone.
  virtual void give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) = 0;

  /// Writes down what is about to be handled, instead of what was written before; in a transaction
  /// of its own. False when one of the lanes is not ours any more: nothing is written then.
  [[nodiscard]] virtual bool mark(std::span<const LaneMark> marks, std::int64_t epoch) = 0;

  /// The held keys of lanes that were just taken, or whose batches were rolled back. No session is
  /// in a transaction.
  virtual std::vector<HeldKeyFound> held(std::span<const TopicPartition> lanes) = 0;

  /// Waits until a session has something to receive, wake() was called, or `wait_max` passed.
  virtual void wait(std::chrono::milliseconds wait_max) = 0;
  /// Ends a wait; from any thread.
  virtual void wake() = 0;
};

}  // namespace pawl::engine
