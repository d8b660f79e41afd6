#include "pawl/engine/decider.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "pawl/engine/dead_letter.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::engine {
namespace {

std::int64_t* counter_of(LaneAdvance& lane, Ending ending) {
  switch (ending) {
    case Ending::completed:
      return &lane.completed;
    case Ending::duplicate:
      return &lane.duplicate;
    case Ending::rejected:
      return &lane.rejected;
    case Ending::exhausted:
      return &lane.exhausted;
    case Ending::undecodable:
      return &lane.undecodable;
    case Ending::parked:
      return &lane.parked;
    case Ending::retry_later:
    case Ending::interrupted:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

// A batch holds few lanes, and neighbours are mostly of the same one.
LaneAdvance& Decider::advance_of(Batch& batch, const Lane& lane) {
  const auto latest_first = std::views::reverse(batch.advanced);
  const auto at = std::ranges::find(latest_first, &lane);
  if (at != latest_first.end())
    return batch.fence.lanes[static_cast<std::size_t>(latest_first.end() - at) - 1];
  batch.advanced.push_back(&lane);
  return batch.fence.lanes.emplace_back(
      LaneAdvance{lane.id(), lane.next_offset(), lane.commits(), lane.held_version()});
}

void Decider::decode(Batch& batch, std::size_t first) const {
  const SteadyTime begin = parts_.clock.now();
  for (Item& item : std::span(batch.items).subspan(first)) {
    item.decoded = parts_.decoder.decode(item.pending.record, item.lane->id().topic, batch.arena);
    if (item.has_own_sql()) ++batch.handlers;
  }
  batch.times.decoding += parts_.clock.now() - begin;
}

void Decider::prepare_claim(Batch& batch) {
  ids_.begin_batch(batch.number, batch.items.size());
  const auto tables = parts_.domain.tables();
  for (Table* table : tables) table->begin_batch(batch.number);
  std::size_t touched = 0;
  for (Item& item : batch.items) {
    if (!item.decoded) continue;
    item.behind_held = is_behind_held(item);
    item.paused = is_paused(item);
    if (item.behind_held || item.paused) continue;  // parked without looking at it
    const codec::DecodedCommand& command = *item.decoded;
    if (const auto earlier = ids_.add(command.id, &item, command.fingerprint)) {
      item.ending = Ending::duplicate;
      if (*earlier != command.fingerprint) report_mismatch(item);
      continue;
    }
    batch.claim.claims.push_back({command.id, command.fingerprint});
    if (item.pending.failed) continue;  // not handled; perhaps its rows are what cannot be loaded
    if (batch.handlers == 0) touch(item, touched++);
  }
  parts_.handling.end();
  if (batch.handlers == 0) {
    batch.claim.loads = take_needs();
  } else {
    batch.segments = cut_into_segments(batch.items);
    batch.claim.loads = touch(batch, batch.segments.front());
    batch.claim.draw_number = batch.segments.size() == 1;
  }
}

void Decider::touch(Item& item, std::size_t number) {
  item.touched = number;
  for (Table* table : parts_.domain.tables()) table->begin_touch();
  parts_.handling.begin(*item.decoded->type, item.pending.record);
  try {
    parts_.domain.touch(*item.decoded->type, item.decoded->message);
  } catch (...) {
    item.failure = std::make_unique<FailureNote>(caught("touch_threw"));
  }
}

std::vector<TableLoad> Decider::take_needs() {
  std::vector<TableLoad> loads;
  for (Table* table : parts_.domain.tables()) {
    if (auto load = table->take_needs()) loads.push_back(std::move(*load));
  }
  return loads;
}

void Decider::decide(Batch& batch,
                     const ClaimAnswer& answer,
                     BatchNumber oldest_unsettled,
                     std::int64_t epoch) {
  begin(batch, answer, epoch);
  for (Item& item : batch.items) decide_item(batch, item);
  parts_.handling.end();
  gather_writes(batch, oldest_unsettled);
}

void Decider::begin(Batch& batch, const ClaimAnswer& answer, std::int64_t epoch) {
  batch.save.outbox_batch = answer.outbox_batch;
  batch.save.began_at = answer.began_at;
  batch.fence.epoch = epoch;
  mark_known(batch, answer);
  accept(batch, batch.claim.loads, answer.rows);
  batch.save.events.reserve(batch.items.size());
}

void Decider::accept(Batch& batch,
                     std::span<const TableLoad> loads,
                     std::span<const TableRows> rows) {
  for (std::size_t i = 0; i < loads.size(); ++i) {
    for (Table* table : parts_.domain.tables()) {
      if (&table->shape() == loads[i].table)
        batch.changed_by_others += table->accept(loads[i], rows[i]);
    }
  }
}

// What was asked for and is not known has been claimed.
void Decider::mark_known(Batch& batch, const ClaimAnswer& answer) {
  for (Item& item : batch.items)
    item.claimed =
        item.decoded && !item.behind_held && !item.paused && item.ending != Ending::duplicate;
  for (const auto& [id, fingerprint] : answer.known) {
    const auto* entry = ids_.find(id);
    entry->item->claimed = false;
    if (entry->fingerprint != fingerprint) report_mismatch(*entry->item);
  }
}

void Decider::decide_item(Batch& batch, Item& item) {
  if (!is_its_turn(item)) return give_back(batch, item);
  if (!item.decoded) {
    decide_undecodable(batch, item);
  } else if (item.behind_held || is_behind_held(item)) {
    park_behind(batch, item);
  } else if (item.paused) {
    park_paused(batch, item);
  } else if (item.ending == Ending::duplicate) {
    // Known from memory; nothing to look up.
  } else if (!item.claimed) {
    item.ending = Ending::duplicate;
  } else if (item.pending.failed) {
    attempt_failed(batch, item, *item.pending.failed);
  } else if (item.failure) {
    attempt_failed(batch, item, *item.failure);
  } else {
    decide_command(batch, item);
  }
  count_ended(batch, item);
}

void Decider::decide_undecodable(Batch& batch, Item& item) {
  const codec::Undecodable& why = item.decoded.error();
  FailureNote failure{"undecodable", why.code, why.text};
  if (!may_be_known_later(item)) {
    item.ending = Ending::undecodable;
    bury(batch, item, failure);
  } else if (is_behind_held(item)) {
    park_behind(batch, item);
  } else {
    attempt_failed(batch, item, std::move(failure));
  }
}

// A decider has no side effects, so the attempts that follow at once cost no more than its call.
void Decider::decide_command(Batch& batch, Item& item) {
  while (auto failure = try_to_decide(batch, item)) {
    if (!follows_at_once(item, *failure)) return attempt_failed(batch, item, std::move(*failure));
    parts_.metrics.retried(1);
    if (item.failed_here == 0) report_failed(item, *failure, std::chrono::milliseconds{0});
    ++item.failed_here;  // one line tells of them all
  }
}

std::optional<FailureNote> Decider::try_to_decide(Batch& batch, Item& item) {
  const auto tables = parts_.domain.tables();
  for (Table* table : tables) table->begin_command(item.touched);
  parts_.handling.begin(*item.decoded->type, item.pending.record);
  try {
    const CommandInfo info = item.info();
    const Decision decision =
        parts_.domain.decide(*item.decoded->type, item.decoded->message, info);
    if (decision.rejected()) {
      for (Table* table : tables) table->undo();
      auto event =
          parts_.domain.rejection(info, decision.code());  // may throw; before anything is noted
      reject(batch, item, decision, std::move(event));
      return std::nullopt;
    }
    for (const Emitted& event : decision.events()) emit(batch, item, event);
    for (Table* table : tables) table->keep();
    item.ending = Ending::completed;
    return std::nullopt;
  } catch (...) {
    for (Table* table : tables) table->undo();
    return caught("threw");
  }
}

void Decider::reject(Batch& batch,
                     Item& item,
                     const Decision& decision,
                     std::optional<Emitted> event) {
  item.ending = Ending::rejected;
  batch.save.endings.push_back({item.decoded->id, Ending::rejected, decision.code()});
  if (event) emit(batch, item, *event);
}

// The claim is undone in the same transaction, so that the next attempt finds its id new.
void Decider::unclaim(Batch& batch, const Item& item) {
  if (!item.decoded) return;
  if (item.claimed) batch.save.unclaim.push_back(item.decoded->id);
  const auto* entry = ids_.find(item.decoded->id);
  if (entry && entry->item == &item) ids_.remove(item.decoded->id);
}

void Decider::give_back(Batch& batch, Item& item) {
  item.ending = Ending::interrupted;
  unclaim(batch, item);
  item.given_back = true;
  item.lane->give_back(std::move(item.pending));
}

void Decider::bury(Batch& batch, Item& item, const FailureNote& failure) {
  DeadLetter letter = make_dead_letter(item, failure);
  if (item.pending.attempts > 0)
    letter.failing_for = std::chrono::duration_cast<std::chrono::milliseconds>(
        parts_.clock.now() - item.pending.first_failed_at);
  add_dead_letter_record(letter,
                         item,
                         {.consumer = parts_.settings.consumer,
                          .topic = parts_.settings.dead_letter_topic,
                          .id = new_id(batch),
                          .died_at = parts_.clock.wall(),
                          .created_at = batch.save.began_at},
                         batch.save.events);
  if (item.ending == Ending::exhausted) {
    batch.save.endings.push_back({letter.message_id, Ending::exhausted, failure.code});
  }
  batch.save.dead_letters.push_back(std::move(letter));
}

void Decider::emit(Batch& batch, const Item& item, const Emitted& emitted) {
  const codec::DecodedCommand& command = *item.decoded;
  const Record& record = item.pending.record;
  batch.save.events.add({.topic = parts_.settings.events_topic,
                         .key = emitted.key ? emitted.key : record.key,
                         .id = new_id(batch),
                         .type = emitted.type,
                         .source = parts_.settings.consumer,
                         .content_type = "application/protobuf",
                         .correlation_id = command.correlation_id,
                         .causation_id = command.id_text,
                         .traceparent = command.traceparent,
                         .payload = emitted.payload,
                         .caused_at = record.timestamp,
                         .created_at = batch.save.began_at});
}

void Decider::count_ended(Batch& batch, const Item& item) {
  if (item.ending == Ending::interrupted || item.ending == Ending::retry_later) return;
  ++batch.endings[{item.decoded ? item.decoded->type : nullptr, item.ending}];
  LaneAdvance& lane = advance_of(batch, *item.lane);
  ++*counter_of(lane, item.ending);
  if (item.pending.parked) {
    --lane.parked;
    return end_parked(batch, item);
  }
  item.lane->set_full(false);
  lane.next_offset = item.pending.record.offset + 1;
  ++lane.received;
}

void Decider::gather_writes(Batch& batch, BatchNumber oldest_unsettled) {
  for (Table* table : parts_.domain.tables()) {
    TableChanges changes = table->take_changes(batch.number, oldest_unsettled);
    if (changes.inserts) batch.save.writes.push_back(std::move(*changes.inserts));
    if (changes.updates) batch.save.writes.push_back(std::move(*changes.updates));
    if (changes.later) batch.fence.writes.push_back(std::move(*changes.later));
    if (changes.reads && parts_.settings.sharing != StateSharing::owned) {
      batch.fence.checks.push_back(std::move(*changes.reads));
    }
  }
}

void Decider::report_mismatch(const Item& item) const {
  parts_.metrics.payload_mismatch(1);
  parts_.log.warn("same message id with another payload: taken for a duplicate",
                  {{"topic", item.lane->id().topic},
                   {"partition", item.lane->id().partition},
                   {"offset", item.pending.record.offset},
                   {"message_id", item.decoded->id_text},
                   {"command_type", item.decoded->type->name}});
}

void Decider::settle(Batch& batch) {
  batch.ids = ids_.settle(batch.number);
  for (const auto& [lane, id] : batch.held) lane->held().settle(id, batch.number);
  for (Table* table : parts_.domain.tables()) table->settle(batch.number);
}

void Decider::distrust() {
  for (Table* table : parts_.domain.tables()) table->distrust();
}

void Decider::forget() {
  ids_.clear();
  for (Table* table : parts_.domain.tables()) table->forget();
}

Uuid Decider::new_id(const Batch& batch) {
  return Uuid::v7(batch.save.began_at.time_since_epoch(), parts_.random(), parts_.random());
}

}  // namespace pawl::engine
