// What failed and may yet succeed, and what waits behind it.

#include <algorithm>
#include <utility>

#include "pawl/codec/headers_json.h"
#include "pawl/engine/dead_letter.h"
#include "pawl/engine/decider.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::engine {
namespace {

constexpr std::chrono::seconds kLookForRoom{1};
constexpr std::chrono::milliseconds kLookForResume{250};

std::chrono::milliseconds milliseconds_of(SteadyTime::duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

HeldKeyId id_of(const Record& record, OnFailure on_failure) {
  if (!record.key || on_failure == OnFailure::skip_order) return {{}, record.offset};
  return {std::string(*record.key)};
}

HeldKeyRow row_of(const Lane& lane, const HeldKeyId& id, const HeldKey& key, SteadyTime now) {
  const auto failing_for = key.attempts > 0 ? now - key.first_failed_at : SteadyTime::duration{};
  return {{lane.id(), id},
          key.attempts,
          milliseconds_of(failing_for),
          milliseconds_of(key.due_at - now),
          key.last_failure,
          key.tried};
}

}  // namespace

bool Decider::is_its_turn(const Item& item) {
  if (!item.pending.parked) return !item.lane->waits_before(item.pending.record.offset);
  const HeldKey* key = item.lane->held().find(item.pending.parked->held);
  return key && !key->stuck;
}

bool Decider::is_behind_held(const Item& item) {
  const HeldKeys& held = item.lane->held();
  if (held.empty() || item.pending.parked || !item.pending.record.key) return false;
  return held.find_key(*item.pending.record.key) != nullptr;
}

// A refusal by the database is noted first: that attempt was made.
bool Decider::is_paused(const Item& item) {
  return item.lane->held().is_paused(*item.decoded->type) && !item.pending.failed;
}

// A process with a newer schema may be on its way.
bool Decider::may_be_known_later(const Item& item) const {
  return parts_.settings.unknown_type == UnknownType::retry_later &&
         is_perhaps_newer(item.decoded.error());
}

void Decider::attempt_failed(Batch& batch, Item& item, FailureNote failure) {
  if (failure.outage) return await_dependency(batch, item, std::move(failure));
  const SteadyTime now = parts_.clock.now();
  const OnFailure on_failure = this->on_failure(item);
  const auto wait = next_wait(item, failure);
  if (!wait || on_failure == OnFailure::dead_letter) {
    item.ending = item.decoded ? Ending::exhausted : Ending::undecodable;
    return bury(batch, item, failure);
  }
  parts_.metrics.retried(1);
  report_failed(item, failure, *wait);
  if (item.pending.parked) {
    postpone(batch, item, std::move(failure), now + *wait);
  } else if (on_failure == OnFailure::block_lane || !has_room(*item.lane, 0)) {
    retry_in_place(batch, item, now + *wait);
  } else {
    park(batch, item, std::move(failure), now + *wait);
  }
}

OnFailure Decider::on_failure(const Item& item) const {
  const auto chosen = parts_.settings.on_failure.find(type_of(item));
  return chosen == parts_.settings.on_failure.end() ? OnFailure::park_key : chosen->second;
}

std::optional<std::chrono::milliseconds> Decider::next_wait(const Item& item,
                                                            const FailureNote& failure) {
  const Pending& pending = item.pending;
  if (failure.failure_class == kCrashedClass) return std::nullopt;
  const auto age =
      pending.attempts > 0 ? parts_.clock.now() - pending.first_failed_at : SteadyTime::duration{};
  const RetryPolicy& policy = parts_.settings.retry.of(
      item.decoded ? std::string_view(failure.failure_class) : kHandlerClass);
  const auto wait = next_attempt(policy,
                                 item.attempt(),
                                 milliseconds_of(age),
                                 std::uniform_real_distribution<>(0, 1)(parts_.random));
  if (!wait || !failure.retry_after) return wait;
  return std::clamp(*failure.retry_after, std::chrono::milliseconds{0}, policy.age_max);
}

// Not with a failure that says itself when to come again.
bool Decider::follows_at_once(const Item& item, const FailureNote& failure) const {
  const RetryPolicy& policy = parts_.settings.retry.of(failure.failure_class);
  return !failure.outage && !failure.retry_after && on_failure(item) != OnFailure::dead_letter &&
         item.attempt() <= policy.immediate && item.attempt() < policy.attempts_max;
}

void Decider::report_failed(const Item& item,
                            const FailureNote& failure,
                            std::chrono::milliseconds wait) const {
  parts_.log.warn(
      "command failed; it will be tried again",
      {{"topic", item.lane->id().topic},
       {"partition", item.lane->id().partition},
       {"offset", item.pending.record.offset},
       {"message_id",
        item.decoded ? std::string(item.decoded->id_text) : message_id_of(item).to_string()},
       {"command_type", type_of(item)},
       {"ending", to_string(Ending::retry_later)},
       {"attempt", item.attempt()},
       {"wait_ms", wait.count()},
       {"on_failure", to_string(on_failure(item))},
       {"class", failure.failure_class},
       {"code", failure.code}});
}

// Whoever was spared waits in its lane, and all behind it. Whoever was the probe waits for another
// time in its key's queue, so that the next probe is another's: it may be this command that is bad.
void Decider::await_dependency(Batch& batch, Item& item, FailureNote failure) {
  const auto [until, called] = *failure.outage;
  const OnFailure on_failure = this->on_failure(item);
  const bool may_park = on_failure == OnFailure::park_key || on_failure == OnFailure::skip_order;
  if (item.pending.parked) {
    postpone(batch, item, std::move(failure), until);
  } else if (called && may_park && has_room(*item.lane, 0)) {
    park(batch, item, std::move(failure), until);
  } else {
    block(batch, item, until);
  }
}

// It is the head already, and goes on being it.
void Decider::postpone(Batch& batch, Item& item, FailureNote failure, SteadyTime due_at) {
  HeldKey& key = *item.lane->held().find(item.pending.parked->held);
  note_failure(key, item, std::move(failure), due_at);
  key.stuck = true;
  key.head_type = item.decoded ? item.decoded->type : nullptr;
  unclaim(batch, item);
  item.ending = Ending::retry_later;
}

void Decider::park(Batch& batch, Item& item, FailureNote failure, SteadyTime due_at) {
  const HeldKeyId id = id_of(item.pending.record, on_failure(item));
  HeldKey& key = item.lane->held().hold(id, batch.number);
  batch.held.emplace_back(item.lane, id);
  note_failure(key, item, std::move(failure), due_at);
  key.head_type = item.decoded ? item.decoded->type : nullptr;
  append(batch, item, id, key);
}

// Nothing has failed: it is due as soon as its type is resumed.
void Decider::park_paused(Batch& batch, Item& item) {
  const Pending& pending = item.pending;
  const SteadyTime now = parts_.clock.now();
  if (pending.parked) {  // it is the head already
    HeldKey& key = *item.lane->held().find(pending.parked->held);
    key.stuck = true;
    key.head_type = item.decoded->type;
    item.ending = Ending::retry_later;
  } else if (on_failure(item) == OnFailure::block_lane) {
    block(batch, item, now + kLookForResume);  // nothing of its lane may overtake it
  } else if (!has_room(*item.lane, 0)) {
    wait_for_room(batch, item);
  } else {
    const HeldKeyId id = id_of(pending.record, on_failure(item));
    HeldKey& key = item.lane->held().hold(id, batch.number);
    batch.held.emplace_back(item.lane, id);
    key.attempts = pending.attempts;
    key.first_failed_at = pending.first_failed_at;
    key.due_at = now;
    key.head_type = item.decoded->type;
    append(batch, item, id, key);
  }
}

void Decider::note_failure(HeldKey& key,
                           const Item& item,
                           FailureNote failure,
                           SteadyTime due_at) const {
  const Pending& pending = item.pending;
  key.attempts = item.attempt() - (failure.outage ? 1 : 0);
  key.tried = key.attempts - pending.attempts;
  key.first_failed_at = pending.attempts > 0 ? pending.first_failed_at : parts_.clock.now();
  key.due_at = due_at;
  key.last_failure = {
      std::move(failure.failure_class), storable(failure.code), storable(failure.text)};
}

void Decider::park_behind(Batch& batch, Item& item) {
  const HeldKeyId id{std::string(*item.pending.record.key)};
  HeldKey* key = item.lane->held().find(id);
  if (!key || !has_room(*item.lane, key->parked)) return wait_for_room(batch, item);
  append(batch, item, id, *key);
}

void Decider::append(Batch& batch, Item& item, const HeldKeyId& id, HeldKey& key) {
  const Record& record = item.pending.record;
  batch.fence.parking.parked.push_back({item.lane->id(),
                                        {id, item.lane->held().append(key)},
                                        record.offset,
                                        record.timestamp,
                                        message_id_of(item),
                                        type_of(item),
                                        owned(record.key),
                                        codec::headers_json(headers_of(record)),
                                        owned(record.value)});
  unclaim(batch, item);
  item.ending = Ending::parked;
}

bool Decider::has_room(const Lane& lane, std::int64_t parked) const {
  const auto below = [](std::int64_t number, std::size_t bound) {
    return static_cast<std::size_t>(number) < bound;
  };
  return below(parked, parts_.settings.parked_per_key_max) &&
         below(lane.held().parked(), parts_.settings.parked_per_lane_max);
}

void Decider::wait_for_room(Batch& batch, Item& item) {
  if (!item.lane->full()) {
    parts_.log.error("too many commands are parked: the lane waits until some of them have ended",
                     {{"topic", item.lane->id().topic},
                      {"partition", item.lane->id().partition},
                      {"offset", item.pending.record.offset},
                      {"held_keys", item.lane->held().size()},
                      {"parked", item.lane->held().parked()}});
  }
  item.lane->set_full(true);
  block(batch, item, parts_.clock.now() + kLookForRoom);
}

void Decider::retry_in_place(Batch& batch, Item& item, SteadyTime due_at) {
  Pending& pending = item.pending;
  if (pending.attempts == 0) pending.first_failed_at = parts_.clock.now();
  pending.attempts = item.attempt();
  pending.failed.reset();
  block(batch, item, due_at);
}

void Decider::block(Batch& batch, Item& item, SteadyTime until) {
  item.lane->block_until(until);
  give_back(batch, item);
  item.ending = Ending::retry_later;
}

void Decider::end_parked(Batch& batch, const Item& item) const {
  const ParkedPlace& place = *item.pending.parked;
  HeldKeys& held = item.lane->held();
  held.end_head(*held.find(place.held), parts_.clock.now());
  batch.fence.parking.ended.push_back({item.lane->id(), place});
}

// Whatever became of a key's head is written under the lane's fence.
void Decider::gather_parking(Batch& batch) const {
  const SteadyTime now = parts_.clock.now();
  for (const auto& [lane, id] : batch.held) {
    advance_of(batch, *lane);
    const HeldKey& key = *lane->held().find(id);
    if (key.parked > 0) {
      batch.fence.parking.held.push_back(row_of(*lane, id, key, now));
    } else {
      batch.fence.parking.released.push_back({lane->id(), id});
      lane->held().release(id);
    }
  }
}

}  // namespace pawl::engine
