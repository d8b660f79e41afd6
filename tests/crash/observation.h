// Everything that a run has left behind: in the topics and in the database. Plain data, so that a
// test can take a good run, add the effect of a bug, and see whether the checker finds it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pawl::test {

/// A record of the commands topic, judged by ourselves and not by the engine's decoder.
struct SeenCommand {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::string id;  // ce_id; empty: none
  std::string type;
  bool decodable = false;
};

/// One account's part of a booking.
struct Booking {
  std::int64_t account = 0;
  std::int64_t change = 0;
  std::int64_t balance = 0;  // after it
  std::int64_t version = 0;  // after it
};

/// A closed month: a row in the database, or what its event says.
struct SeenStatement {
  std::string command_id;
  std::int64_t account = 0;
  std::string month;
  std::int64_t opening = 0, closing = 0, changes = 0, version = 0;
  bool operator==(const SeenStatement&) const = default;
};

/// A record of the events topic.
struct SeenEvent {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::string> key;
  std::string id;
  std::string type;
  std::string cause;  // ce_causationid; empty: none of the engine's
  std::string value;
  std::vector<Booking> bookings;
  std::optional<SeenStatement> statement{};
};

/// A record of the dead-letter topic.
struct SeenDeadRecord {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::int32_t partition = 0;  // of the command, from its headers
  std::int64_t offset = 0;
};

struct SeenLane {
  std::int32_t partition = 0;
  std::int64_t start = 0, next = 0;
  std::int64_t received = 0, completed = 0, duplicate = 0, rejected = 0, exhausted = 0,
               undecodable = 0, parked = 0;
};

struct SeenAccount {
  std::int64_t id = 0, balance = 0, version = 0;
};

struct SeenTransfer {
  std::string id;
  std::int64_t debit = 0, credit = 0, amount = 0;
  std::string memo;
};

struct SeenInboxRow {
  std::string id;
  std::int64_t ending = 0;  // 0 completed, 1 rejected, 2 exhausted
};

struct SeenDeadLetter {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string message_id;
  std::string failure_class;
};

/// A row that is still in the outbox, in the order of (batch, index).
struct SeenOutboxRow {
  std::int64_t batch = 0, index = 0;
  std::string topic;
  std::optional<std::string> key;
  std::string id;
  bool dead_letter = false;
};

/// What the relay has written down.
struct SeenRelay {
  std::int64_t batch = 0;
  std::vector<std::int64_t> holes;
};

struct Observation {
  std::string events_topic;
  std::vector<SeenCommand> commands;  // by partition and offset, as are the next two
  std::vector<SeenEvent> events;
  std::vector<SeenDeadRecord> dead_records;
  std::vector<SeenLane> lanes;
  std::vector<SeenAccount> accounts;
  std::vector<SeenTransfer> transfers;
  std::vector<SeenStatement> statements;  // by account and month
  std::vector<SeenInboxRow> inbox;
  bool inbox_cleared = false;  // rotations have taken rows away
  std::vector<SeenDeadLetter> dead_letters;
  std::vector<SeenOutboxRow> outbox;
  SeenRelay relay;
  /// Bookings of a foreign writer, who wrote them down in the memos of its transfers.
  std::vector<Booking> foreign;
};

}  // namespace pawl::test
