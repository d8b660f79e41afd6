#include "pawl/relay/relay.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "pawl/core/thread_name.h"
#include "pawl/relay/postgres_session.h"

namespace pawl::relay {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kCommittedBytesMax = 16 << 20;
constexpr milliseconds kStandbyLook{250};  // how often a standby looks for its turn

}  // namespace

Relay::Relay(Settings settings, Parts parts)
    : settings_(std::move(settings)), parts_(std::move(parts)), committed_(kCommittedBytesMax) {
  parts_.publisher.on_delivery([this] { wakeup_.signal(); });
}

Relay::~Relay() {
  stop();
  parts_.publisher.on_delivery({});
}

void Relay::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    name_this_thread("pawl relay");
    run(stop);
  });
}

void Relay::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wakeup_.signal();
  thread_.join();
  thread_ = {};
}

void Relay::offer(outbox::CommittedBatch batch) {
  committed_.put(std::move(batch));
  wakeup_.signal();
}

void Relay::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      round();
      wait();
    } catch (const TurnLost&) {
      lose_turn();
    } catch (const Failure& failure) {
      lose_session(failure.what(), failure.code());
    } catch (const std::exception& error) {
      // Not known to happen. Beginning again from the stored position repeats rows and loses none.
      lose_session(error.what(), "unexpected");
      lose_turn();
    }
  }
  let_go();
}

void Relay::round() {
  wakeup_.take();
  figures_.heartbeat = parts_.clock.now().time_since_epoch().count();
  if (!session_ && may_connect()) connect();
  if (!turn_ && session_) take_turn();
  if (turn_) {
    turn_->round(session_.get());
  } else {  // whoever has the turn reads them from the table
    static_cast<void>(committed_.forget_to(std::numeric_limits<std::int64_t>::max()));
  }
}

bool Relay::may_connect() const {
  return parts_.clock.now() >= next_connect_;
}

void Relay::connect() {
  session_ = parts_.connect();
  if (connect_attempts_ > 0) parts_.log.info("the relay has its database again");
  connect_attempts_ = 0;
  figures_.database_reachable = true;
  parts_.metrics.paused("database", false);
}

void Relay::take_turn() {
  const SteadyTime now = parts_.clock.now();
  if (now < next_turn_) return;
  collect_late_deliveries();
  next_turn_ = now + std::min<milliseconds>(kStandbyLook, settings_.takeover_after / 4);
  auto turn = session_->take_turn(settings_.owner, settings_.takeover_after);
  if (!turn) return;
  parts_.log.info("the relay is active",
                  {{"epoch", turn->epoch},
                   {"batch", turn->position.batch},
                   {"holes", turn->position.holes.size()}});
  turn_.emplace(ActiveTurn::Parts{settings_,
                                  parts_.publisher,
                                  parts_.metrics,
                                  parts_.log,
                                  parts_.clock,
                                  figures_,
                                  committed_},
                std::move(*turn),
                now,
                next_tag_);
  figures_.active = true;
  parts_.metrics.active(true);
}

// A standby's producer may still owe answers of an earlier turn.
void Relay::collect_late_deliveries() {
  std::vector<Delivery> late;
  parts_.publisher.deliveries(late, milliseconds{0});
}

void Relay::lose_session(std::string_view what, const std::string& code) {
  session_.reset();
  if (turn_) turn_->forget_questions();
  figures_.database_reachable = false;
  parts_.metrics.paused("database", true);
  next_connect_ = parts_.clock.now() + settings_.reconnect.after(connect_attempts_++);
  parts_.log.warn("the relay has lost its database and connects again",
                  {{"code", code}, {"attempt", connect_attempts_}, {"failure", what}});
}

void Relay::lose_turn() {
  if (!turn_) return;
  next_tag_ = turn_->end();
  turn_.reset();
  parts_.publisher.drop_queued();  // repeats by now, see turn_is_sure()
  session_.reset();                // it owes answers to the turn that is over
  // Time for the others: whoever took the turn keeps it.
  next_turn_ = parts_.clock.now() + kStandbyLook;
  figures_.active = false;
  parts_.metrics.active(false);
  parts_.metrics.held(0, 0);  // the next one says
  parts_.log.warn("the relay has lost its turn and stands by", {{"owner", settings_.owner}});
}

void Relay::let_go() {
  if (!turn_) return;
  turn_->drain(settings_.drain_max);
  try {
    // A connection of its own: the old one may be in the middle of an answer.
    session_.reset();
    session_ = parts_.connect();
    session_->end_turn(turn_->epoch(), turn_->position(), turn_->held_outcome());
  } catch (const Failure& failure) {
    parts_.log.warn(
        "the relay stops without storing its position; some events will be published again",
        {{"code", failure.code()}, {"failure", std::string_view{failure.what()}}});
  }
  session_.reset();
  next_tag_ = turn_->end();
  turn_.reset();
  figures_.active = false;
  parts_.metrics.active(false);
  parts_.metrics.held(0, 0);  // the next one says
}

void Relay::wait() {
  SteadyTime::duration time = kStandbyLook;
  if (turn_) time = std::min(time, turn_->idle_time());
  if (!session_)
    time = std::min(
        time, std::max<SteadyTime::duration>(next_connect_ - parts_.clock.now(), milliseconds{1}));
  if (!turn_ && session_) time = std::min<SteadyTime::duration>(time, milliseconds{50});
  if (time <= SteadyTime::duration::zero()) return;
  const bool answers = session_ && turn_ && turn_->expects_answers();
  wakeup_.wait(answers ? std::optional{session_->socket()} : std::nullopt, time);
}

OutboxSessionFactory connect_to(std::string url, std::string name) {
  return [url = std::move(url), name = std::move(name)] {
    return std::make_unique<PostgresSession>(url, name);
  };
}

}  // namespace pawl::relay
