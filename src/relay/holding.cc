#include "pawl/relay/holding.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace pawl::relay {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRowsAtOnce = 500;     // to the table
constexpr milliseconds kChooseAgain{10};     // when nothing could go
constexpr std::string_view kWaits{"waits"};  // in place of an error's code: of what is only behind
constexpr int kRestTimes = 10;  // looking takes at most one part in so many of the time

}  // namespace

Holding::Holding(const Parts& parts, std::int64_t epoch, Tag first)
    : parts_(parts), epoch_(epoch), round_(first | kHeldBit) {}

void Holding::refused(Tag tag, const Failure& failure) {
  refusals_.insert_or_assign(tag, outbox::Refusal{failure.code(), failure.what()});
}

// --- questions ---

int Holding::ask(OutboxSession& session, SteadyTime now, bool pressed) {
  int asked = 0;
  if (going_.empty() && !parts_.window.aside().empty() && now >= next_choice_) {
    choose_rows(pressed);
    if (going_.empty()) next_choice_ = now + kChooseAgain;
    if (!going_.empty()) {
      session.ask_to_hold(epoch_, to_hold_, parts_.settings.held.after(0));
      ++asked;
    }
  }
  if (!settling_ && round_.is_answered()) {
    const outbox::HeldOutcome outcome = this->outcome();
    if (outcome.empty()) {
      round_.end();
    } else {
      session.ask_to_settle(epoch_, outcome);
      settling_ = true;
      ++asked;
    }
  }
  if (const auto due_at = due(); !looking_ && due_at && now >= *due_at && round_.idle()) {
    session.ask_held(parts_.settings.held_read);
    looking_ = true;
    look_began_ = now;
    ++looks_;
    asked += 2;
  }
  return asked;
}

void Holding::choose_rows(bool pressed) {
  at_bound_ = false;
  to_hold_.clear();
  for (const Tag tag : parts_.window.aside()) {
    if (going_.size() == kRowsAtOnce) break;
    if (events_ + static_cast<std::int64_t>(going_.size()) >=
        static_cast<std::int64_t>(parts_.settings.held_events_max)) {
      at_bound_ = true;
      break;
    }
    if (!may_go(tag, pressed)) continue;
    const OutboxRow& row = parts_.rows.row(tag);
    if (row.key) {
      Key& key = keys_[parts_.window.key(tag)];
      key.topic = row.topic;
      key.looks = looks_;
    }
    const auto refusal = refusals_.find(tag);
    going_.push_back(tag);
    to_hold_.push_back(
        {parts_.window.number(tag),
         refusal == refusals_.end() ? std::nullopt : std::optional{refusal->second}});
  }
  say_bound();
}

bool Holding::may_go(Tag tag, bool pressed) {
  if (!parts_.window.is_settled(tag)) return false;
  const auto held = keys_.find(parts_.window.key(tag));
  if (held != keys_.end()) return pressed || !held->second.draining;
  if (!parts_.rows.row(tag).key || keys_.size() < parts_.settings.held_keys_max) return true;
  at_bound_ = true;
  return false;
}

void Holding::forget_questions() {
  going_.clear();
  settling_ = looking_ = false;
  next_look_ = {};
}

std::optional<SteadyTime> Holding::due() const {
  if (looking_ || !round_.idle() || parts_.window.paused()) return std::nullopt;
  if (!known_ || has_something()) return next_look_;
  return std::nullopt;
}

// --- answers ---

void Holding::take(const RowsHeld& answer) {
  if (!answer.mine) throw TurnLost{};
  if (answer.rows != static_cast<std::int64_t>(going_.size())) {
    parts_.log.error("rows that cannot be published have been deleted from the outbox by somebody",
                     {{"rows", static_cast<std::int64_t>(going_.size()) - answer.rows}});
  }
  say_held();
  for (std::size_t i = 0; i < going_.size(); ++i) {
    const KeyHash key = parts_.window.key(going_[i]);
    const auto& refusal = to_hold_[i].refusal;
    parts_.metrics.held(refusal ? std::string_view(refusal->code) : kWaits);
    refusals_.erase(going_[i]);
    parts_.window.kept(going_[i]);
    if (!parts_.rows.row(going_[i]).key) parts_.window.resume(key);
  }
  events_ += answer.rows;
  going_.clear();
}

void Holding::take(const HeldKeysRead& answer) {
  events_ = 0;
  for (const outbox::HeldKey& held : answer.keys) {
    events_ += held.events;
    if (known_ || !held.key) continue;
    const KeyHash key = key_of(held.topic, *held.key);
    parts_.window.set_aside(key);
    keys_.insert_or_assign(key, Key{held.topic, looks_});
  }
  if (known_) let_go_of_absent(answer.keys);
  if (!known_ && events_ > 0) {
    parts_.log.warn("events are held that cannot be published; see `pawl outbox list`",
                    {{"events", events_}, {"keys", keys_.size()}});
  }
}

void Holding::let_go_of_absent(const std::vector<outbox::HeldKey>& present) {
  std::unordered_set<KeyHash> still;
  for (const outbox::HeldKey& held : present) {
    if (held.key) still.insert(key_of(held.topic, *held.key));
  }
  std::int64_t count = 0;
  std::string topic;
  std::erase_if(keys_, [&](const auto& entry) {
    const auto& [hash, key] = entry;
    if (key.looks >= looks_ || still.contains(hash)) return false;
    parts_.window.resume(hash);
    topic = key.topic;
    ++count;
    return true;
  });
  if (count == 0) return;
  parts_.log.info("a held key is released: nothing waits on it any more",
                  {{"topic", topic}, {"keys", count}, {"keys_held", keys_.size()}});
}

void Holding::take(const outbox::HeldRows& answer, SteadyTime now) {
  looking_ = false;
  known_ = true;
  next_look_ = now + std::max<SteadyTime::duration>(parts_.settings.held_look,
                                                    kRestTimes * (now - look_began_));
  for (int row = 0; row < answer.rows(); ++row)
    round_.add(answer.number(row), answer.attempts(row), answer.read(row));
  std::unordered_set<KeyHash> tried;
  for (const HeldRound::Progress& key : round_.progress()) tried.insert(key.key);
  for (auto& [hash, key] : keys_) key.draining &= tried.contains(hash);
}

void Holding::take(const HeldSettled& answer, SteadyTime now) {
  if (!answer.mine) throw TurnLost{};
  settling_ = false;
  const outbox::HeldOutcome outcome = this->outcome();
  const auto published = static_cast<std::int64_t>(outcome.published.size());
  events_ -= published;
  parts_.metrics.published(published);
  for (const HeldRound::Progress& progress : round_.progress()) {
    const auto key = keys_.find(progress.key);
    if (key != keys_.end()) key->second.draining = progress.through;
  }
  round_.end();
  if (published > 0) next_look_ = now;
  if (outcome.failed.empty()) return;
  const outbox::HeldFailure& first = outcome.failed.front();
  if (first.retry_after == milliseconds{0}) next_look_ = now;
  parts_.log.warn("held events still cannot be published",
                  {{"events", outcome.failed.size()},
                   {"batch", first.number.batch},
                   {"index", first.number.index},
                   {"code", first.refusal.code},
                   {"attempts", first.attempts},
                   {"failure", first.refusal.text}});
}

// --- to the broker ---

bool Holding::publish(Tag tag) {
  const OutboxRow& row = round_.row(tag);
  const bool taken = round_.is_repeated(tag) ? parts_.publisher.publish_alone(row, tag)
                                             : parts_.publisher.publish(row, tag);
  if (taken) round_.queued(tag);
  return taken;
}

void Holding::answered(const Delivery& delivery) {
  round_.answered(delivery.tag, delivery.failure);
}

// --- the rest ---

void Holding::report() const {
  parts_.metrics.held(events_, keys_.size());
}

// One line for all that go together: a topic that is missing refuses thousands.
void Holding::say_held() const {
  const auto is_refused = [](const outbox::RowToHold& row) { return row.refusal.has_value(); };
  const auto first = std::ranges::find_if(to_hold_, is_refused);
  if (first == to_hold_.end()) return;
  const auto at = static_cast<std::size_t>(first - to_hold_.begin());
  parts_.log.error(
      "an event cannot be published; its key is held, others go on: see `pawl outbox list`",
      {{"topic", parts_.rows.row(going_[at]).topic},
       {"batch", first->number.batch},
       {"index", first->number.index},
       {"code", first->refusal->code},
       {"failure", first->refusal->text},
       {"refused", std::ranges::count_if(to_hold_, is_refused)},
       {"keys_held", keys_.size()}});
}

void Holding::say_bound() {
  if (at_bound_ && !said_bound_) {
    parts_.log.error(
        "the relay holds no more events and stops behind those that cannot be published: see `pawl "
        "outbox list`, mend what they fail of, or discard them",
        {{"events", events_}, {"keys", keys_.size()}});
  }
  said_bound_ = at_bound_;
}

}  // namespace pawl::relay
