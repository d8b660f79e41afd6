// What the engine tells the outside: metrics per batch, and its status.

#include "pawl/engine/engine.h"

namespace pawl::engine {
namespace {

constexpr std::chrono::milliseconds kPublishEvery{50};

}  // namespace

void Engine::report(const Batch& batch) {
  for (const auto& [key, count] : batch.endings) {
    const auto& [type, ending] = key;
    parts_.metrics.commands(
        type ? std::string_view(type->name) : std::string_view(), ending, count);
  }
  for (const DeadLetter& letter : batch.save.dead_letters)
    parts_.metrics.dead_letters(letter.failure_class, 1);
  const Times& times = batch.times;
  parts_.metrics.batch_committed(batch.items.size(),
                                 {.decode = times.decoding,
                                  .claim_load = times.claimed - times.started,
                                  .decide = times.decided - times.claimed,
                                  .save = times.saved - times.decided,
                                  .commit = parts_.clock.now() - times.saved});
}

void Engine::publish_status(bool moved) {
  const SteadyTime now = parts_.clock.now();
  if (moved && now - published_at_ < kPublishEvery) return;
  published_at_ = now;
  Status status;
  status.heartbeat = now;
  status.away = away_;
  if (away_) status.away_from = away_from_;
  status.away_since = away_since_;
  status.taking = taking_.has_value();
  status.in_flight = in_flight_.size();
  const auto note_age = [&](std::optional<WallTime> time) {
    if (!time || *time == WallTime{}) return;  // a record without timestamp
    if (!status.oldest_unprocessed || *time < *status.oldest_unprocessed)
      status.oldest_unprocessed = time;
  };
  std::size_t held_keys = 0, full = 0;
  std::int64_t parked = 0;
  for (const auto& [id, lane] : lanes_) {
    held_keys += lane->held().size();
    parked += lane->held().parked();
    full += lane->full() ? 1 : 0;
    status.lanes.push_back(
        {.lane = id,
         .next_offset = lane->settled_offset(),
         .stopped = lane->stopped(),
         .waiting = lane->blocked_until() > now,
         .paused = lane->paused(),
         .holding = lane->oldest().has_value() || lane->next_offset() != lane->settled_offset()});
    note_age(lane->oldest());
    if (lane->has_just_stopped()) {
      parts_.log.error("lane stopped until a person acts; the others go on",
                       {{"topic", id.topic},
                        {"partition", id.partition},
                        {"offset", lane->settled_offset()},
                        {"what", std::string_view(*lane->stopped())}});
    }
  }
  for (const auto& batch : in_flight_) note_age(batch->oldest);
  if (prepared_) note_age(prepared_->oldest);
  parts_.metrics.held(held_keys, parked, full);
  parts_.metrics.oldest_unprocessed(status.oldest_unprocessed);
  board_.publish(std::move(status));
}

}  // namespace pawl::engine
