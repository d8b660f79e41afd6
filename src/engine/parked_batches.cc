// Batches of parked commands. Due heads, each with what waits behind it, are marked and read in a
// transaction of their own; from there on they go the way of all batches.

#include <algorithm>

#include "pawl/engine/engine.h"

namespace pawl::engine {

bool Engine::start_parked_batch() {
  if (!in_flight_.empty() && in_flight_.back()->handlers > 0) return false;
  if (!is_turn_of_parked()) return false;
  auto batch = std::make_unique<Batch>();
  batch->number = last_number_ + 1;
  TakeParkedRequest request = take_due(*batch);
  if (request.keys.empty()) return false;
  parked_had_its_turn_ = true;
  batch->phase = Phase::reading;
  parts_.store.session(enter(std::move(batch)).session).take_parked(request);
  return true;
}

// Topics and parks take turns when both have something. Against a backlog, due heads gather first:
// a batch of a few costs a whole transaction, and the overlap of two full ones.
bool Engine::is_turn_of_parked() {
  if (!prepared_) return true;
  if (std::exchange(parked_had_its_turn_, false)) return false;
  if (!is_full(*prepared_, batch_limit())) return true;
  const SteadyTime waited = parts_.clock.now() - kGatherDue;
  return std::ranges::any_of(lanes_, [&](const auto& each) {
    const Lane& lane = *each.second;
    const auto due = lane.held().next_due();
    return due && *due <= waited && !lane.lost() && !lane.paused();
  });
}

TakeParkedRequest Engine::take_due(Batch& batch) {
  TakeParkedRequest request{epoch_, {}, static_cast<std::int64_t>(settings_.batch_bytes_max)};
  std::size_t room = batch_limit();
  for (Lane* lane : lanes_in_turn()) {
    if (!lane->lost() && !lane->paused()) take_due(*lane, batch, request, room);
  }
  return request;
}

void Engine::take_due(Lane& lane, Batch& batch, TakeParkedRequest& request, std::size_t& room) {
  const SteadyTime now = parts_.clock.now();
  while (room > 0) {
    const HeldKeyId* id = lane.held().take_due(now, batch.number);
    if (!id) return;
    const HeldKey& key = *lane.held().find(*id);
    const bool alone = lane.held().is_alone(*id);
    const bool suspect = lane.held().crashes_on(*id) > 0;
    if ((alone && !request.keys.empty()) || (suspect && !in_flight_.empty())) {
      lane.held().put_back(*id);
      room = 0;
      return;
    }
    // What has failed may fail again: what is behind it is read when it has not.
    const bool head_only = alone || key.attempts > 0;
    const std::size_t commands =
        head_only ? 1 : std::min({static_cast<std::size_t>(key.parked), kRunMax, room});
    room = alone ? 0 : room - commands;
    batch.suspect |= suspect;
    request.keys.push_back(
        {{lane.id(), *id}, static_cast<std::int64_t>(commands), lane.held().crashes_on(*id)});
    batch.held.emplace_back(&lane, *id);
  }
}

void Engine::on_answer(Batch& batch, TakeParkedAnswer& answer) {
  if (answer.parked.empty())
    return doubt({Doubt::Kind::fenced, &batch, "its held keys are not ours any more"});
  for (TakeParkedAnswer::Parked& each : answer.parked) {
    const auto& [lane, id] = batch.held.at(each.key);
    const bool is_head = batch.items.empty() || batch.items.back().pending.parked->held != id ||
                         batch.items.back().lane != lane;
    HeldKey& key = *lane->held().find(id);
    Pending pending{std::move(each.record)};
    pending.parked = std::make_unique<ParkedPlace>(id, each.sequence);
    if (is_head) {
      pending.attempts = key.attempts;
      pending.first_failed_at = key.first_failed_at;
      pending.alone = lane->held().is_alone(id);
      pending.failed = lane->held().take_refusal(id);
      const int crashes = lane->held().crashes_on(id);
      if (crashes > 0 && !pending.failed) note_crashes(pending, crashes, parts_.clock.now());
    }
    add_item(batch, std::move(pending), *lane);
  }
  decider_.decode(batch, 0);
  give_excess_back(batch);
  batch.phase = Phase::taken;
}

// Handlers are waited for by nobody of ours.
bool Engine::may_claim(const Batch& batch) const {
  return batch.phase == Phase::taken && (batch.handlers == 0 || !before(batch));
}

// Somebody may have parked commands, as a redrive does. A batch is told by its fence; who has none
// in flight must ask.
bool Engine::watch_held_versions() {
  const SteadyTime now = parts_.clock.now();
  if (must_recover_ || doubt_ || lanes_.empty() || !in_flight_.empty() ||
      now - held_versions_read_at_ < kHeldVersionsEvery)
    return false;
  held_versions_read_at_ = now;
  bool changed = false;
  try {
    for (const Position& position : parts_.store.positions(lane_ids())) {
      Lane& lane = *lanes_.at(position.lane);
      changed |= lane.held_version() != position.held_version;
      lane.set_held_version(position.held_version);
    }
    if (changed) read_held();
  } catch (const Failure&) {
    must_recover_ = true;
  }
  return changed;
}

// A doubt has undone what memory knows of held keys, too. On lanes that were abandoned, attempts
// that began and did not end have ended the process, as far as anybody can tell.
void Engine::read_held(const std::set<TopicPartition>& abandoned) {
  std::map<TopicPartition, std::vector<HeldKeyFound>> found;
  for (HeldKeyFound& key : parts_.store.held(lane_ids())) {
    found[key.place.lane].push_back(std::move(key));
  }
  for (auto& [id, lane] : lanes_) {
    lane->held().restart(found[id], parts_.clock.now());
    if (!abandoned.contains(id)) continue;
    for (const HeldKeyFound& key : found[id]) {
      if (key.unfinished > 0) lane->held().suspect(key.place.held, key.unfinished);
    }
  }
}

}  // namespace pawl::engine
