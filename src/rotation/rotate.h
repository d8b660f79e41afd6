// One step of a generation or segment: the oldest partition is emptied and becomes the one that is
// written.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pawl/postgres/connection.h"

namespace pawl::rotation {

enum class Table { inbox, outbox };

constexpr std::string_view to_string(Table table) noexcept {
  switch (table) {
    case Table::inbox:
      return "inbox";
    case Table::outbox:
      return "outbox";
  }
  return "impossible";
}

enum class Result {
  rotated,
  not_due,      // by the database's clock; also when somebody else was faster
  busy,         // a lock was not free in time: nothing changed, try again soon
  unpublished,  // the next outbox segment still holds events that no relay has published: nothing
                // changed
};

constexpr std::string_view to_string(Result result) noexcept {
  switch (result) {
    case Result::rotated:
      return "rotated";
    case Result::not_due:
      return "not_due";
    case Result::busy:
      return "busy";
    case Result::unpublished:
      return "unpublished";
  }
  return "impossible";
}

/// Rotates `table` if its last rotation is at least `period` ago. One transaction: dying anywhere
/// leaves all as it was. Waits for each lock at most `lock_wait`, because all writers queue behind
/// a waiting rotation. Throws Failure.
Result rotate(postgres::Connection& connection,
              Table table,
              std::chrono::milliseconds period,
              std::chrono::milliseconds lock_wait = std::chrono::milliseconds{50});

/// Start check: an id must be remembered at least as long as the topic can deliver its record
/// again. Empty: fine. Otherwise what is wrong and what to change. `retention` empty: unlimited.
[[nodiscard]] std::optional<std::string> dedupe_window_problem(
    std::string_view topic,
    std::chrono::milliseconds dedupe_window,
    std::optional<std::chrono::milliseconds> retention);

}  // namespace pawl::rotation
