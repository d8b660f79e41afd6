// Reads dead letters: in pages, in groups, one whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/record.h"
#include "pawl/dead_letters/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::dead_letters {

/// A row of pawl.dead_letter.
struct Letter {
  Uuid id;
  State state = State::dead;
  TopicPartition lane;  // where it came from
  std::int64_t offset = 0;
  std::optional<WallTime> record_time;  // Kafka's, if it had one
  Uuid message_id;
  std::string type;  // as the record claimed it; perhaps empty
  std::optional<std::string> key;
  std::string failure_class;
  std::string code;
  std::string text;
  std::int64_t fingerprint = 0;
  std::int64_t attempts = 0;
  std::int64_t redrives = 0;
  WallTime first_failed_at{};
  WallTime last_failed_at{};
  std::optional<Uuid> edited_as;  // message id of the command that was handed back instead
  // Only when read whole:
  std::string headers;                 // as codec::headers_json() wrote them
  std::optional<std::string> payload;  // as received
  /// JSON: [{"at": "…", "attempts": n, "class": "…", "code": "…"}], oldest first; n attempts that
  /// followed each other at once. The first and the latest 19.
  std::string history;
};

/// Dead letters of one command type that failed for the same reason.
struct Group {
  std::int64_t fingerprint = 0;
  std::string type;
  std::int64_t count = 0;
  WallTime first_failed_at{};
  WallTime last_failed_at{};
  // Of the latest of them:
  Uuid example;
  std::string failure_class;
  std::string code;
  std::string text;
};

enum class Order { newest_first, oldest_first };

/// A part of a list. Keyset paging: a page costs the same wherever it is.
struct Page {
  Order order = Order::newest_first;
  std::optional<Uuid> after{};  // the last letter of the page before
  int limit = 50;
  bool whole = false;  // with headers and payloads
};

/// Not thread-safe, as its connection. All calls throw Failure.
class Reader {
 public:
  /// `connection` outlives it.
  explicit Reader(postgres::Connection& connection) : connection_(connection) {}

  /// In the order of their last failures.
  [[nodiscard]] std::vector<Letter> list(const Filter& filter, const Page& page);
  /// The largest first.
  [[nodiscard]] std::vector<Group> groups(const Filter& filter, int limit);
  [[nodiscard]] std::int64_t count(const Filter& filter);

 private:
  postgres::Connection& connection_;
};

}  // namespace pawl::dead_letters
