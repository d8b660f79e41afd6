// Keys that the relay holds: what cannot be published moves from the window to
// pawl.relay_held_event, what follows on its key moves behind it, and both come out of there again
// in order. Used by the relay's thread, during one turn.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/observe/log.h"
#include "pawl/observe/relay_metrics.h"
#include "pawl/relay/held_round.h"
#include "pawl/relay/outbox_session.h"
#include "pawl/relay/ports.h"
#include "pawl/relay/publishing_window.h"
#include "pawl/relay/settings.h"
#include "pawl/relay/window_rows.h"

namespace pawl::relay {

/// Which keys are held is known from the table: read when the turn begins, then changed by nobody
/// but this relay and operators who discard. A key is held from before its first row is in the
/// table until a look at the table that was begun after its last row went there finds none. In
/// between none of its rows is published from the window, so none can overtake.
///
/// Dying anywhere: a row is in the table before the position passes it, and is deleted from there
/// after it was acknowledged. What is read again though it is held is held again, which changes
/// nothing.
class Holding {
 public:
  struct Parts {
    const Settings& settings;
    Publisher& publisher;
    const observe::RelayMetrics& metrics;
    const observe::Log& log;
    PublishingWindow& window;
    const WindowRows& rows;
  };
  /// `first`: above all tags that earlier turns gave to the publisher.
  Holding(const Parts& parts, std::int64_t epoch, Tag first);

  /// The table was read. Until then nothing may be added to the window.
  [[nodiscard]] bool known() const noexcept { return known_; }

  /// A row of the window cannot be published.
  void refused(Tag tag, const Failure& failure);
  /// The window has let this row go.
  void released(Tag tag) { refusals_.erase(tag); }

  /// Asks what there is to ask; returns how many answers are owed for it. `pressed`: the window is
  /// full.
  int ask(OutboxSession& session, SteadyTime now, bool pressed);
  /// Answers. Throw TurnLost.
  void take(const RowsHeld& answer);
  void take(const HeldKeysRead& answer);
  void take(const outbox::HeldRows& answer, SteadyTime now);
  void take(const HeldSettled& answer, SteadyTime now);
  /// The session was lost.
  void forget_questions();

  /// The next held event to publish. queued() says that the publisher took it.
  [[nodiscard]] std::optional<Tag> next() { return round_.next(); }
  [[nodiscard]] bool publish(Tag tag);
  /// Whether the tag is a held event's.
  [[nodiscard]] static bool owns(Tag tag) noexcept { return (tag & kHeldBit) != 0; }
  void answered(const Delivery& delivery);
  [[nodiscard]] std::size_t in_flight() const noexcept { return round_.in_flight(); }
  /// When ask() has something to ask without further answers; empty: never.
  [[nodiscard]] std::optional<SteadyTime> due() const;

  /// Offers nothing more.
  void cut_short() noexcept { round_.cut_short(); }
  /// What is known of tries and not stored yet.
  [[nodiscard]] outbox::HeldOutcome outcome() const { return round_.outcome(parts_.settings.held); }

  void report() const;
  /// Tags given to the publisher are below this, not counting their mark.
  [[nodiscard]] Tag end() const noexcept { return round_.end_tag() & ~kHeldBit; }

 private:
  static constexpr Tag kHeldBit = Tag{1} << 63U;
  struct Key {
    std::string topic;
    std::uint64_t looks = 0;  // begun when its last row went to the table
    bool draining = false;    // its events are coming through: later ones may wait for them
  };
  using Keys = std::unordered_map<KeyHash, Key>;

  void choose_rows(bool pressed);
  [[nodiscard]] bool may_go(Tag tag, bool pressed);
  void let_go_of_absent(const std::vector<outbox::HeldKey>& present);
  void say_held() const;
  void say_bound();
  [[nodiscard]] bool has_something() const noexcept { return events_ > 0 || !keys_.empty(); }

  Parts parts_;
  std::int64_t epoch_;
  bool known_ = false;
  Keys keys_;
  std::int64_t events_ = 0;  // in the table, by the last look and what was held since
  std::unordered_map<Tag, outbox::Refusal> refusals_;

  std::vector<Tag> going_;                  // to the table, asked for
  std::vector<outbox::RowToHold> to_hold_;  // the same
  bool said_bound_ = false, at_bound_ = false;
  SteadyTime next_choice_{};

  std::uint64_t looks_ = 0;  // begun
  bool looking_ = false;
  SteadyTime look_began_{}, next_look_{};

  HeldRound round_;
  bool settling_ = false;
};

}  // namespace pawl::relay
