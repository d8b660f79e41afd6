// The relay while it has the turn: read, publish, store. Outlives database connections, so that a
// lost one repeats nothing. Used by the relay's thread.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/observe/log.h"
#include "pawl/observe/relay_metrics.h"
#include "pawl/outbox/committed_batches.h"
#include "pawl/relay/figures.h"
#include "pawl/relay/holding.h"
#include "pawl/relay/outbox_session.h"
#include "pawl/relay/ports.h"
#include "pawl/relay/progress.h"
#include "pawl/relay/publishing_window.h"
#include "pawl/relay/settings.h"
#include "pawl/relay/window_rows.h"

namespace pawl::relay {

/// How long to leave the table alone after a read that took so long and saw everything: at least
/// `poll`, and some multiple of what it took, so that looking does not keep the database busy.
/// Never much longer than the read itself once that is slow: foreign rows wait meanwhile. Pure.
[[nodiscard]] SteadyTime::duration rest_after_read(SteadyTime::duration poll,
                                                   SteadyTime::duration took);

class ActiveTurn {
 public:
  struct Parts {
    const Settings& settings;
    Publisher& publisher;
    const observe::RelayMetrics& metrics;
    const observe::Log& log;
    const Clock& clock;
    LiveFigures& figures;
    outbox::CommittedBatches& committed;  // what need not be read from the table
  };

  /// `taken_at`: when the taking of the turn began. `first`: above all tags that earlier turns gave
  /// to the publisher.
  ActiveTurn(const Parts& parts, Turn turn, SteadyTime taken_at, Tag first);

  /// One round; never waits. Throws Failure (the session is lost) and TurnLost. Without a session
  /// the table is left alone: the broker's answers and committed batches are still taken.
  void round(OutboxSession* session);

  /// How long wait() may last: nothing is due earlier.
  [[nodiscard]] SteadyTime::duration idle_time() const;
  [[nodiscard]] bool expects_answers() const noexcept { return unanswered_ > 0; }

  /// The session was lost: what was asked will not be answered, and the next round asks again.
  void forget_questions();

  /// Waits for outstanding deliveries, at most `time_max`, publishing nothing new.
  void drain(std::chrono::milliseconds time_max);

  [[nodiscard]] StoredPosition position() const { return progress_.position(); }
  /// How tries of held events ended, as far as that is not stored yet. After drain().
  [[nodiscard]] outbox::HeldOutcome held_outcome() const { return holding_.outcome(); }
  [[nodiscard]] std::int64_t epoch() const noexcept { return epoch_; }
  [[nodiscard]] Tag end() const noexcept { return std::max(window_.end(), holding_.end()); }

 private:
  void take_answers(OutboxSession& session);
  void take(RowsRead answer);
  void take(TransactionId answer);
  void take(PositionStored answer);
  void take(RowsCounted answer);
  void take(const RowsHeld& answer) { holding_.take(answer); }
  void take(const HeldKeysRead& answer) { holding_.take(answer); }
  void take(const outbox::HeldRows& answer) { holding_.take(answer, now_); }
  void take(const HeldSettled& answer) { holding_.take(answer, now_); }
  void take_committed();
  void accept(outbox::CommittedBatch batch);
  void add(OutboxRows rows, std::span<const outbox::RowNumber> numbers);
  void take_deliveries(std::chrono::milliseconds wait_max);
  void take(const Delivery& delivery);
  void release_rows();
  void ask(OutboxSession& session);
  void ask_rows(OutboxSession& session);
  void publish_rows();
  bool publish(Tag tag);
  void report();

  void count_unread(OutboxSession& session);
  void say_failure(const Delivery& delivery);
  void say_bound();
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool may_read() const;
  [[nodiscard]] bool store_is_due() const;
  [[nodiscard]] bool turn_is_sure() const;
  [[nodiscard]] std::optional<WallTime> oldest_created_at() const;

  Parts parts_;
  std::int64_t epoch_;
  Progress progress_;
  PublishingWindow window_;
  WindowRows rows_;
  Holding holding_;
  SteadyTime now_;
  bool busy_ = false;  // this round did something: no wait after it

  int unanswered_ = 0;
  SteadyTime last_answer_;
  bool reading_ = false;
  bool more_ = true;  // there may be rows that no read has seen
  SteadyTime read_asked_at_{}, next_read_{};
  bool dating_ = false;
  bool counting_ = false;
  std::int64_t unread_ = 0;
  SteadyTime next_count_{};

  SteadyTime sure_since_;  // when the last successful renewal was sent
  std::optional<SteadyTime> store_asked_at_;
  StoredPosition stored_, storing_;

  std::vector<Delivery> deliveries_;
  std::vector<outbox::RowNumber> numbers_;
  std::vector<double> ages_;  // of this round's published events: seconds since their commands
  std::size_t failures_ = 0;  // of this round
  bool said_bound_ = false;
};

}  // namespace pawl::relay
