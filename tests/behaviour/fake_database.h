// A database in memory with PostgreSQL's semantics, as far as the engine can tell: what is
// committed, who has locked what. Sessions (fake_session.h) keep what they have not committed to
// themselves.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "behaviour/fake_parking.h"
#include "pawl/core/ending.h"
#include "pawl/core/outbox_row.h"
#include "pawl/core/uuid.h"
#include "pawl/engine/store.h"

namespace pawl::test {

using Cell = std::variant<std::int64_t, std::string, Uuid, std::uint8_t>;
using Cells = std::vector<Cell>;

[[nodiscard]] Cell cell_of(const ColumnArray& column, std::size_t row);
[[nodiscard]] ColumnArray empty_column(ColumnType type);
void append_cell(ColumnArray& column, const Cell& cell);

struct InboxRow {
  std::int64_t fingerprint = 0;
  Ending ending = Ending::completed;
  std::string code;
};

struct StateRow {
  Cells cells;
  std::int64_t version = 0;
};

struct NumberedEvent {
  std::int64_t batch = 0;
  std::int64_t index = 0;
  OutboxRow row;
};

struct PositionRow {
  TopicPartition lane;
  std::int64_t epoch = 0;
  std::int64_t start_offset = 0;
  std::int64_t next_offset = 0;
  std::int64_t commits = 0;
  std::int64_t received = 0, completed = 0, duplicate = 0, rejected = 0, exhausted = 0,
               undecodable = 0, parked = 0, redriven_exhausted = 0, redriven_undecodable = 0;
  std::int64_t held_version = 0;
  bool owned = false;
  std::optional<engine::Mark> mark{};
};

class FakeStore;
class FakeSession;

/// Row locks until the end of a transaction: one writer, or readers (FOR SHARE). Who waits gets it
/// first.
class FakeLocks {
 public:
  using Name = std::pair<std::string, Cell>;  // table, key

  /// False when another session is in the way; `waits_for` then says why.
  [[nodiscard]] bool write(const FakeSession* session, const Name& name);
  [[nodiscard]] bool share(const FakeSession* session, const Name& name);
  void release(const FakeSession* session);
  [[nodiscard]] bool free(const Name& name) const { return !locks_.contains(name); }

 private:
  struct Holders {
    const FakeSession* writer = nullptr;
    std::set<const FakeSession*> readers;
    std::vector<const FakeSession*> waiting;
  };
  /// Whether nobody came earlier; otherwise `session` queues up.
  static bool is_next(Holders& holders, const FakeSession* session, bool free);
  std::map<Name, Holders> locks_;
};

[[nodiscard]] inline FakeLocks::Name position_lock(const TopicPartition& lane) {
  return {"pawl.consumer_position", lane.topic + "/" + std::to_string(lane.partition)};
}

struct FakeDatabase {
  // ---- what is committed
  std::map<Uuid, InboxRow> inbox;
  std::map<std::string, std::map<Cell, StateRow>> states;
  std::map<std::string, std::vector<Cells>> journals;  // append-only tables
  std::vector<NumberedEvent> outbox;
  std::vector<engine::DeadLetter> dead_letters;
  std::set<std::size_t> redriven;  // those that were handed back
  std::map<TopicPartition, PositionRow> positions;
  FakeParking parking;

  // ---- sequences and locks: not transactional
  std::int64_t last_outbox_batch = 0;
  std::int64_t last_epoch = 0;
  FakeLocks locks;
  std::map<TopicPartition, FakeStore*> owners;  // whose backends hold a lane

  // ---- what tests set up
  /// lock_timeout: how often the server gets to a session that waits for a lock before it refuses
  /// the statement; 0: it waits for ever. Two processes that wait for each other need one.
  int lock_turns_max = 0;
  /// Says which constraint a row breaks, if any.
  std::map<std::string, std::function<std::optional<std::string>(const Cells&)>> checks;
  std::set<std::string> missing_tables;
};

/// What `pawl dead redrive` does in SQL (src/dead_letters/redrive.cc): hands at most `letters_max`
/// back, in the order of their lanes and offsets, unless they were so often already. Returns which;
/// none, and nothing done, when the engine is in the way.
std::vector<std::size_t> redrive(FakeDatabase& database, std::size_t letters_max, int redrives_max);

}  // namespace pawl::test
