// What the proof that nothing was lost rests on: numbers from one consistent reading of the
// database, and Kafka's offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/record.h"

namespace pawl::cli {

/// Offsets that Kafka has of a partition, asked for after the database was read.
struct LogEnds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

struct LaneFigures {
  TopicPartition lane;
  std::int64_t start_offset = 0;
  std::int64_t next_offset = 0;
  std::int64_t received = 0;
  std::int64_t completed = 0;
  std::int64_t duplicate = 0;
  std::int64_t rejected = 0;
  std::int64_t exhausted = 0;
  std::int64_t undecodable = 0;
  std::int64_t redriven_exhausted = 0;    // of exhausted: dead letters that were handed back
  std::int64_t redriven_undecodable = 0;  // of undecodable
  std::int64_t parked = 0;
  std::int64_t dead_letters = 0;  // rows
  std::int64_t expired = 0;       // dead letters that were deleted because they were old
  std::optional<LogEnds> ends;    // empty: no brokers given, or the partition is gone

  [[nodiscard]] std::int64_t ended() const {
    return completed + duplicate + rejected + dead() + parked;
  }
  /// Died and was not handed back.
  [[nodiscard]] std::int64_t dead() const {
    return exhausted - redriven_exhausted + undecodable - redriven_undecodable;
  }
};

/// Rows by ending.
struct InboxFigures {
  std::int64_t completed = 0;
  std::int64_t rejected = 0;
  std::int64_t exhausted = 0;
  bool cleared = false;  // a generation with rows was given up: what is left is a lower bound
};

struct OutboxFigures {
  std::int64_t events = 0;        // rows of this consumer that are events; 0 is also "not counted"
  std::int64_t dead_letters = 0;  // rows of this consumer that are copies of dead letters
  bool cleared = false;           // a segment with rows was given up: what is left is a lower bound
  // Of the whole outbox, which all consumers share:
  std::int64_t unpublished = 0;
  double oldest_unpublished_seconds = 0;
  std::int64_t holes = 0;
};

/// The reference domain's own books.
struct LedgerFigures {
  std::int64_t customer_accounts = 0;
  std::int64_t transfers = 0;
  std::int64_t transfer_ids = 0;  // different ones
  std::int64_t statements = 0;
  std::int64_t payments = 0;
  std::int64_t captures = 0;        // transfers from a clearing account
  std::string balance_sum = "0";    // exact, as PostgreSQL's numeric prints it
  std::int64_t wrong_balances = 0;  // accounts whose balance is not the sum of their transfers
};

struct ReconcileFigures {
  std::string consumer;
  std::vector<LaneFigures> lanes;
  InboxFigures inbox;
  OutboxFigures outbox;
  std::int64_t dead_letters = 0;     // rows in all, also of lanes that have no position
  std::int64_t expired = 0;          // dead letters in all that were deleted because they were old
  std::int64_t parked_commands = 0;  // rows
  bool brokers_asked = false;
  bool gaps_are_lost = false;  // the topics are neither compacted nor written by transactions:
                               // every offset holds a record
  std::optional<LedgerFigures> ledger;
};

}  // namespace pawl::cli
