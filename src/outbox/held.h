// Rows of the outbox that cannot be published, and what waits behind them on their keys: how the
// relay puts them into pawl.relay_held_event, tries them again and takes them out. What the CLI
// does with them is in held_events/.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/outbox/fetch.h"

namespace pawl::outbox {

/// Why a row cannot be published; never holds a payload.
struct Refusal {
  std::string code;
  std::string text;  // what is beyond 1,024 characters is cut off
};

/// A row that is to be held; without a refusal it only waits behind another of its key.
struct RowToHold {
  RowNumber number;
  std::optional<Refusal> refusal;
};

/// Whose turn it is. Every change of held events is made under it: it changes nothing and answers
/// false when another relay has drawn a newer epoch.
struct TurnOf {
  std::string_view relay;
  std::int64_t epoch;
};

/// Copies rows from pawl.outbox; those that are held already stay as they are. Those with a refusal
/// are tried again after `retry_after`. Answers (was it our turn, how many of the rows there are).
extern const postgres::Statement kHold;
void encode_hold(const TurnOf& turn,
                 std::span<const RowToHold> rows,
                 std::chrono::milliseconds retry_after,
                 postgres::Parameters& into);

/// A key with held events, or (no key) those without one.
struct HeldKey {
  std::string topic;
  std::optional<std::string> key;
  std::int64_t events;
};

/// All of them, for `relay`.
extern const postgres::Statement kReadHeldKeys;
void encode_relay(std::string_view relay, postgres::Parameters& into);
[[nodiscard]] std::vector<HeldKey> held_keys_of(const postgres::Result& result);

/// Reads those that may be tried now: of each key the first event, if its time has come, or, when
/// the first only waits, it and what follows up to the next that was refused. Firsts come before
/// seconds and so on, so a bound is shared by all keys.
extern const postgres::Statement kReadHeldDue;
void encode_held_due(std::string_view relay, const FetchBounds& bounds, postgres::Parameters& into);

/// The answer to kReadHeldDue. Movable; not thread-safe.
class HeldRows {
 public:
  explicit HeldRows(postgres::Result result) : result_(std::move(result)) {}

  [[nodiscard]] int rows() const { return result_.rows(); }
  [[nodiscard]] RowNumber number(int row) const;
  /// Failed attempts so far; 0: it only waits.
  [[nodiscard]] int attempts(int row) const;
  /// Points into this answer.
  [[nodiscard]] OutboxRow read(int row) const;

 private:
  postgres::Result result_;
};

/// A held event that was tried and cannot be published (yet).
struct HeldFailure {
  RowNumber number;
  Refusal refusal;
  int attempts;  // now
  std::chrono::milliseconds retry_after;
};

/// How tries of held events ended.
struct HeldOutcome {
  std::vector<RowNumber> published;
  std::vector<HeldFailure> failed;
  [[nodiscard]] bool empty() const noexcept { return published.empty() && failed.empty(); }
};

/// Deletes what was published and notes what failed; may be repeated. Answers whether it was our
/// turn.
extern const postgres::Statement kSettleHeld;
void encode_settle(const TurnOf& turn, const HeldOutcome& outcome, postgres::Parameters& into);

}  // namespace pawl::outbox
