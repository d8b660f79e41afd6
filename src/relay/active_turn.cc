#include "pawl/relay/active_turn.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace pawl::relay {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAnswersLook{100};  // while the broker owes answers; they wake us
constexpr milliseconds kCountEvery{5000};  // unread rows behind a full window
constexpr std::int64_t kCountMax =
    200'000;  // what counting may cost; beyond it the figure is a lower bound

}  // namespace

SteadyTime::duration rest_after_read(SteadyTime::duration poll, SteadyTime::duration took) {
  constexpr int kTimes = 10;
  constexpr SteadyTime::duration kLong = milliseconds{100};
  return std::max({poll, took, std::min(kTimes * took, kLong)});
}

ActiveTurn::ActiveTurn(const Parts& parts, Turn turn, SteadyTime taken_at, Tag first)
    : parts_(parts),
      epoch_(turn.epoch),
      progress_(turn.position, parts.settings.holes_max),
      window_(parts.settings.publish, first),
      holding_({parts.settings, parts.publisher, parts.metrics, parts.log, window_, rows_},
               turn.epoch,
               first),
      now_(taken_at),
      last_answer_(taken_at),
      sure_since_(taken_at),
      stored_(std::move(turn.position)) {}

void ActiveTurn::round(OutboxSession* session) {
  now_ = parts_.clock.now();
  busy_ = false;
  if (session != nullptr) take_answers(*session);
  take_deliveries(milliseconds{0});
  release_rows();
  take_committed();
  if (session != nullptr) ask(*session);
  publish_rows();
  report();
}

// --- the database's answers ---

void ActiveTurn::take_answers(OutboxSession& session) {
  while (auto answer = session.answer()) {
    --unanswered_;
    last_answer_ = now_;
    busy_ = true;
    std::visit([this](auto& kind) { take(std::move(kind)); }, *answer);
  }
  if (unanswered_ > 0 && now_ - last_answer_ > parts_.settings.answer_max) {
    throw Failure(Remedy::reconnect_and_rerun,
                  "relay_no_answer",
                  "the database owes the relay an answer for " +
                      std::to_string(parts_.settings.answer_max.count()) + " ms; connecting again");
  }
}

void ActiveTurn::take(RowsRead answer) {
  reading_ = false;
  numbers_.clear();
  for (int row = 0; row < answer.rows.rows(); ++row) numbers_.push_back(answer.rows.number(row));
  const bool complete = answer.rows.complete();
  const std::size_t accepted = progress_.accept(numbers_, answer.horizon, complete);
  OutboxRows rows;
  rows.reserve(accepted);
  for (std::size_t row = 0; row < accepted; ++row) {
    rows.add(answer.rows.read(static_cast<int>(row)));
  }
  add(std::move(rows), numbers_);
  more_ = !complete && !progress_.at_bound();
  unread_ = complete ? 0 : std::max<std::int64_t>(0, unread_ - static_cast<std::int64_t>(accepted));
  const auto poll =
      progress_.holes().size() > 0 ? parts_.settings.poll_holes : parts_.settings.poll;
  next_read_ = now_ + rest_after_read(poll, now_ - read_asked_at_);
}

// Batches that follow what was read without a gap need not be read. Not while a read is under way:
// it may bring them, too. And not while a hole is open: its rows may have been committed meanwhile,
// before these, and only a read sees both.
void ActiveTurn::take_committed() {
  if (reading_ || !holding_.known() || !progress_.at_batch_end()) return;
  while (has_room() && !progress_.holes().any_open()) {
    auto batch = parts_.committed.take(progress_.cursor().batch + 1);
    if (!batch) break;
    accept(*std::move(batch));
  }
  more_ |= parts_.committed.forget_to(progress_.cursor().batch) && !progress_.at_bound();
}

void ActiveTurn::accept(outbox::CommittedBatch batch) {
  busy_ = true;
  progress_.accept_batch(batch.number, batch.rows.size());
  numbers_.clear();
  for (std::size_t row = 0; row < batch.rows.size(); ++row) {
    numbers_.push_back({batch.number, static_cast<std::int32_t>(row)});
  }
  add(std::move(batch.rows), numbers_);
}

void ActiveTurn::add(OutboxRows rows, std::span<const outbox::RowNumber> numbers) {
  if (rows.empty()) return;
  const Tag first = window_.end();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    window_.add(numbers[row], key_of(rows[row], first + row));
  }
  rows_.add(first, std::move(rows));
}

void ActiveTurn::take(TransactionId answer) {
  dating_ = false;
  progress_.holes().date(answer.id);
}

void ActiveTurn::take(PositionStored answer) {
  if (!answer.mine) throw TurnLost{};
  sure_since_ = *store_asked_at_;
  store_asked_at_.reset();
  stored_ = std::move(storing_);
}

void ActiveTurn::take(RowsCounted answer) {
  counting_ = false;
  unread_ = answer.rows;
}

void ActiveTurn::forget_questions() {
  unanswered_ = 0;
  reading_ = counting_ = false;
  dating_ = false;
  progress_.holes().abandon_dating();
  holding_.forget_questions();
  store_asked_at_.reset();
  more_ = true;
}

// --- the broker's answers ---

void ActiveTurn::take_deliveries(milliseconds wait_max) {
  deliveries_.clear();
  parts_.publisher.deliveries(deliveries_, wait_max);
  if (deliveries_.empty()) return;
  busy_ = true;
  failures_ = 0;
  for (const Delivery& delivery : deliveries_) take(delivery);
  window_.settle(parts_.clock.now());
  parts_.metrics.paused("broker", window_.paused());
  if (failures_ == 0) return;
  parts_.metrics.publish_failed(static_cast<std::int64_t>(failures_));
  parts_.figures.failed_deliveries += failures_;
}

void ActiveTurn::take(const Delivery& delivery) {
  if (Holding::owns(delivery.tag)) {
    holding_.answered(delivery);
    if (delivery.failure) ++failures_;
    return;
  }
  if (!delivery.failure) {
    window_.acknowledged(delivery.tag);
    return;
  }
  if (delivery.tag < window_.front() || delivery.tag >= window_.end()) return;
  switch (delivery.failure->remedy()) {
    case Remedy::rerun_now:
    case Remedy::reconnect_and_rerun:
      window_.broker_away(delivery.tag);
      break;
    case Remedy::retry_later:
      window_.failed(delivery.tag);
      break;
    case Remedy::give_up:
      window_.refused(delivery.tag);
      holding_.refused(delivery.tag, *delivery.failure);
      break;
  }
  // One line for a group of failures: a broker that is away fails thousands.
  if (failures_++ == 0) say_failure(delivery);
}

void ActiveTurn::say_failure(const Delivery& delivery) {
  const outbox::RowNumber number = window_.number(delivery.tag);
  parts_.log.warn("cannot publish an outbox row; its key waits for it",
                  {{"topic", rows_.row(delivery.tag).topic},
                   {"batch", number.batch},
                   {"index", number.index},
                   {"code", delivery.failure->code()},
                   {"remedy", to_string(delivery.failure->remedy())},
                   {"failure", std::string_view{delivery.failure->what()}}});
}

void ActiveTurn::release_rows() {
  const WallTime wall = parts_.clock.wall();
  std::int64_t released = 0;
  ages_.clear();
  while (const auto row = window_.release()) {
    const Tag tag = window_.front() - 1;
    const WallTime caused_at = rows_.row(tag).caused_at;
    if (row->published && caused_at != WallTime{})
      ages_.push_back(std::chrono::duration<double>(wall - caused_at).count());
    progress_.released(row->number);
    holding_.released(tag);
    rows_.drop_to(tag);
    if (row->published) ++released;
  }
  if (released == 0) return;
  parts_.metrics.published(released);
  parts_.metrics.end_to_end(ages_);
  parts_.figures.published += static_cast<std::uint64_t>(released);
}

// --- questions to the database ---

void ActiveTurn::ask(OutboxSession& session) {
  if (unanswered_ == 0) last_answer_ = now_;
  if (!dating_ && progress_.holes().undated()) {
    progress_.holes().begin_dating();
    session.ask_transaction_id();
    dating_ = true;
    ++unanswered_;
  }
  if (store_is_due()) {
    storing_ = progress_.position();
    session.ask_to_store(epoch_, storing_);
    store_asked_at_ = now_;
    ++unanswered_;
  }
  unanswered_ += holding_.ask(session, now_, !has_room());
  count_unread(session);
  if (may_read()) ask_rows(session);
}

// Only behind: a read that found everything knows that nothing is left.
void ActiveTurn::count_unread(OutboxSession& session) {
  if (counting_ || now_ < next_count_ || (has_room() && !more_)) return;
  next_count_ = now_ + kCountEvery;
  session.ask_row_count(progress_.cursor(), kCountMax);
  counting_ = true;
  ++unanswered_;
}

void ActiveTurn::ask_rows(OutboxSession& session) {
  session.ask_rows({progress_.cursor(), progress_.open_holes(), parts_.settings.read});
  reading_ = true;
  more_ = false;
  read_asked_at_ = now_;
  busy_ = true;
  ++unanswered_;
}

bool ActiveTurn::has_room() const {
  return window_.size() < parts_.settings.window_rows_max &&
         rows_.bytes() < parts_.settings.window_bytes_max;
}

bool ActiveTurn::may_read() const {
  return !reading_ && holding_.known() && has_room() && (more_ || now_ >= next_read_);
}

bool ActiveTurn::store_is_due() const {
  if (store_asked_at_) return false;
  const auto since = now_ - sure_since_;
  if (since >= parts_.settings.renew_every) return true;
  return since >= parts_.settings.store_every && progress_.position() != stored_;
}

// --- to the broker ---

// A process that was stopped for a while must not publish on as if nothing had happened: the turn
// is sure only for a part of the time after which another relay would take it. What is already in
// the producer's queue may still go out before the loss is noticed. It is an unbroken continuation
// of what we published, and the successor publishes all of it from our stored position on; so of
// two rows of a key neither of us ever publishes the later one first (G3).
bool ActiveTurn::turn_is_sure() const {
  return parts_.clock.now() - sure_since_ < parts_.settings.takeover_after * 3 / 5;
}

void ActiveTurn::publish_rows() {
  while (const auto tag = holding_.next()) {
    if (!turn_is_sure() || !holding_.publish(*tag)) return;
    busy_ = true;
  }
  while (const auto tag = window_.next(now_)) {
    // Asked for each row: we may have been stopped between two.
    if (!turn_is_sure() || !publish(*tag)) return;
    window_.queued(*tag);
    busy_ = true;
  }
}

bool ActiveTurn::publish(Tag tag) {
  const OutboxRow& row = rows_.row(tag);
  return window_.is_repeated(tag) ? parts_.publisher.publish_alone(row, tag)
                                  : parts_.publisher.publish(row, tag);
}

// --- the rest ---

void ActiveTurn::drain(milliseconds time_max) {
  const SteadyTime end = parts_.clock.now() + time_max;
  constexpr milliseconds kStep{50};
  holding_.cut_short();
  while (window_.in_flight() + holding_.in_flight() > 0 && parts_.clock.now() < end) {
    take_deliveries(kStep);
    release_rows();
  }
  report();
}

void ActiveTurn::report() {
  const std::int64_t backlog = static_cast<std::int64_t>(window_.size()) + unread_;
  const std::optional<WallTime> oldest = oldest_created_at();
  LiveFigures& figures = parts_.figures;
  figures.backlog_rows = backlog;
  figures.holes = static_cast<std::int64_t>(progress_.holes().size());
  figures.held_keys = static_cast<std::int64_t>(window_.held_keys());
  figures.batch = stored_.batch;
  figures.oldest_unpublished_ms = oldest ? oldest->time_since_epoch().count() : 0;
  parts_.metrics.backlog(backlog);
  parts_.metrics.holes(progress_.holes().size());
  parts_.metrics.oldest_unpublished(oldest);
  holding_.report();
  say_bound();
}

void ActiveTurn::say_bound() {
  if (progress_.at_bound() && !said_bound_) {
    parts_.log.error(
        "the relay reads no further: too many outbox batch numbers may still be committed; end the "
        "oldest open "
        "transaction (pg_stat_activity.xact_start)",
        {{"batch", progress_.cursor().batch}, {"holes", progress_.holes().size()}});
  }
  said_bound_ = progress_.at_bound();
}

std::optional<WallTime> ActiveTurn::oldest_created_at() const {
  if (window_.empty()) return std::nullopt;
  return rows_.row(window_.front()).created_at;
}

SteadyTime::duration ActiveTurn::idle_time() const {
  if (busy_) return SteadyTime::duration::zero();
  SteadyTime next = now_ + (window_.in_flight() > 0 ? kAnswersLook : parts_.settings.renew_every);
  if (!reading_ && holding_.known() && has_room()) next = std::min(next, next_read_);
  if (!store_asked_at_) {
    const bool moved = progress_.position() != stored_;
    next = std::min(
        next, sure_since_ + (moved ? parts_.settings.store_every : parts_.settings.renew_every));
  }
  if (const auto due = window_.due()) next = std::min(next, *due);
  if (const auto due = holding_.due()) next = std::min(next, *due);
  constexpr SteadyTime::duration kIdleMin = std::chrono::microseconds{200};
  return std::max(next - now_, kIdleMin);
}

}  // namespace pawl::relay
