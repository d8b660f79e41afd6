// Events on the short way from an engine to the relay of the same process: a cache in front of
// pawl.outbox, by batch number. What it does not hold, the relay reads from the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "pawl/core/outbox_rows.h"

namespace pawl::outbox {

/// All rows that one transaction put into the outbox under a number that it drew: index 0, 1, …. No
/// rows: the number is used up. Handed on only when the transaction is known to be committed.
struct CommittedBatch {
  std::int64_t number;
  OutboxRows rows;
};

/// Thread-safe. At the bound the lowest numbers go: the relay is so far behind that it reads the
/// table anyway.
class CommittedBatches {
 public:
  explicit CommittedBatches(std::int64_t bytes_max) : bytes_max_(bytes_max) {}

  void put(CommittedBatch batch);
  /// The batch of exactly this number, if it is here. Lower ones are forgotten.
  [[nodiscard]] std::optional<CommittedBatch> take(std::int64_t number);
  /// Forgets what is not above `number`; whether anything is left.
  bool forget_to(std::int64_t number);

 private:
  void drop_first();

  const std::int64_t bytes_max_;
  std::mutex mutex_;
  std::map<std::int64_t, CommittedBatch> batches_;
  std::int64_t bytes_ = 0;
};

}  // namespace pawl::outbox
