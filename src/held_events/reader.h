// Reads events that the relay cannot publish, and those that wait behind them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/held_events/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::held_events {

/// A row of pawl.relay_held_event.
struct Event {
  std::int64_t batch = 0;
  std::int32_t index = 0;
  Uuid id;  // ce_id
  std::string topic;
  std::optional<std::string> key;
  std::string type;
  std::string source;
  std::string content_type;
  std::optional<std::string> correlation_id;
  std::optional<std::string> causation_id;
  std::optional<std::string> traceparent;
  std::int64_t payload_bytes = 0;
  WallTime created_at{};
  WallTime held_at{};
  // Of one that was refused; empty: it only waits behind another of its key.
  std::optional<std::string> code;
  std::string text;
  std::int64_t attempts = 0;
  WallTime retry_at{};  // not before, and not before it is the first of its key
  // Only when read whole:
  std::optional<std::string> headers;  // JSON; set: in place of what CloudEvents says
  std::optional<std::string> payload;
};

/// A part of a list, in the order in which they will be published.
struct Page {
  std::optional<Uuid> after{};  // the last event of the page before
  int limit = 50;
  bool whole = false;  // with headers and payloads
};

struct Counts {
  std::int64_t events = 0;
  std::int64_t refused = 0;  // of them; the others wait
};

/// Not thread-safe, as its connection. All calls throw Failure.
class Reader {
 public:
  /// `connection` outlives it.
  explicit Reader(postgres::Connection& connection) : connection_(connection) {}

  [[nodiscard]] std::vector<Event> list(const Filter& filter, const Page& page);
  [[nodiscard]] Counts count(const Filter& filter);

 private:
  postgres::Connection& connection_;
};

}  // namespace pawl::held_events
