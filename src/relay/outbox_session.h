// What the relay needs of the database, as narrow as it needs it. Implemented by PostgresSession;
// tests put broken ones in front of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "pawl/outbox/fetch.h"
#include "pawl/outbox/held.h"
#include "pawl/relay/progress.h"

namespace pawl::relay {

struct ReadRequest {
  outbox::RowNumber after;
  std::vector<outbox::OpenHole> holes;
  outbox::FetchBounds bounds;
};

struct RowsRead {
  outbox::FetchedRows rows;
  std::int64_t horizon;  // pg_snapshot_xmin of the very snapshot that the rows are from
};
struct TransactionId {
  std::int64_t id;
};
struct PositionStored {
  bool mine;  // false: another relay has drawn a newer epoch; nothing was stored
};
struct RowsCounted {
  std::int64_t rows;  // at most what was asked for
};
struct RowsHeld {
  bool mine;          // as PositionStored
  std::int64_t rows;  // of those asked for, so many are in the outbox
};
struct HeldKeysRead {
  std::vector<outbox::HeldKey> keys;
};
struct HeldSettled {
  bool mine;  // as PositionStored
};
using Answer = std::variant<RowsRead,
                            TransactionId,
                            PositionStored,
                            RowsCounted,
                            RowsHeld,
                            HeldKeysRead,
                            outbox::HeldRows,
                            HeldSettled>;

/// Another relay has drawn a newer epoch: this turn is over.
struct TurnLost {};

/// The relay's turn: it may store under this epoch until somebody draws a newer one.
struct Turn {
  std::int64_t epoch;
  StoredPosition position;
};

/// One connection's life; used by the relay's thread. Every function may throw Failure, after which
/// the object is of no use. Questions are answered in order, each in a transaction of its own.
class OutboxSession {
 public:
  virtual ~OutboxSession() = default;

  /// Draws an epoch if no relay has stored anything for `silence` by the database's clock, or the
  /// last one let go. Empty: another relay is active. Waits for the answer.
  virtual std::optional<Turn> take_turn(const std::string& owner,
                                        std::chrono::milliseconds silence) = 0;
  /// Stores how the last tries of held events ended and a last position, and lets the next relay
  /// begin at once. Waits for the answers.
  virtual void end_turn(std::int64_t epoch,
                        const StoredPosition& position,
                        const outbox::HeldOutcome& outcome) = 0;

  virtual void ask_rows(const ReadRequest& request) = 0;
  /// Draws a transaction id in a transaction of its own.
  virtual void ask_transaction_id() = 0;
  /// Stores the position if the epoch is still `epoch`, and renews the turn.
  virtual void ask_to_store(std::int64_t epoch, const StoredPosition& position) = 0;
  /// Counts rows after `after`, stopping at `rows_max`.
  virtual void ask_row_count(outbox::RowNumber after, std::int64_t rows_max) = 0;

  /// Keeps rows that cannot be published in pawl.relay_held_event, and those that wait behind them.
  /// Rows that were refused are due again after `retry_after`. Answer: RowsHeld.
  virtual void ask_to_hold(std::int64_t epoch,
                           std::span<const outbox::RowToHold> rows,
                           std::chrono::milliseconds retry_after) = 0;
  /// All keys that have held events, then those events that may be tried now. Two answers:
  /// HeldKeysRead, outbox::HeldRows.
  virtual void ask_held(const outbox::FetchBounds& bounds) = 0;
  /// Stores how tries of held events ended. Answer: HeldSettled.
  virtual void ask_to_settle(std::int64_t epoch, const outbox::HeldOutcome& outcome) = 0;

  /// The next answer, if it has come; never waits.
  [[nodiscard]] virtual std::optional<Answer> answer() = 0;
  /// Becomes readable when an answer may have come.
  [[nodiscard]] virtual int socket() const = 0;
};

/// Connects; throws Failure. Called by the relay's thread, again after each loss.
using OutboxSessionFactory = std::move_only_function<std::unique_ptr<OutboxSession>()>;

}  // namespace pawl::relay
