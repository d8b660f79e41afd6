// A table in the engine's memory, seen by the engine: what to load, what changed, what to undo. One
// engine's thread.
//
// One command at a time runs between begin_command() and keep() or undo(). A batch gathers the
// changes of its commands until take_changes(); from there on later batches build on them,
// committed or not, until settle() or forget().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pawl/engine/table_access.h"

namespace pawl::engine {

using BatchNumber = std::uint64_t;

/// What one batch did to one table.
struct TableChanges {
  std::optional<TableWrite> inserts;  // new rows
  std::optional<TableWrite>
      updates;  // rows no earlier unsettled batch has written or read: may be sent at once
  std::optional<TableWrite>
      later;  // rows that an earlier unsettled batch has written or read: only after its commit
  std::optional<TableCheck> reads;  // rows read and not written
};

class Table {
 public:
  virtual ~Table() = default;
  [[nodiscard]] virtual const TableShape& shape() const = 0;

  /// The touch functions of batch `number` come now, then its loads, then its commands; no other
  /// batch's in between.
  virtual void begin_batch(BatchNumber number) = 0;
  /// The next command's touch function comes now.
  virtual void begin_touch() = 0;
  /// Keys that this batch's touch functions asked for and memory does not hold, once; empty when
  /// there are none.
  virtual std::optional<TableLoad> take_needs() = 0;
  /// The answer to take_needs(). Never overwrites what memory holds by then. Returns how many rows
  /// have another version than when they were distrusted: others have changed them.
  virtual std::size_t accept(const TableLoad& load, const TableRows& rows) = 0;

  /// The command is decided that was the `touched`th to be touched in this batch, from 0.
  virtual void begin_command(std::size_t touched) = 0;
  virtual void keep() = 0;
  virtual void undo() = 0;

  /// Encodes what the commands since the last call did, for batch `number`. `oldest_unsettled`: the
  /// number of the oldest batch whose commit is not yet known (equal to `number` when there is none
  /// before it).
  virtual TableChanges take_changes(BatchNumber number, BatchNumber oldest_unsettled) = 0;
  /// Batch `number` is committed.
  virtual void settle(BatchNumber number) = 0;
  /// The last batch's rows will be loaded again when they are needed; their versions are
  /// remembered.
  virtual void distrust() = 0;
  /// Drops everything: recovery reads again.
  virtual void forget() = 0;
};

}  // namespace pawl::engine
