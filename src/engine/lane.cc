#include "pawl/engine/lane.h"

#include <algorithm>

#include "pawl/retry/retry_after.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::engine {

FailureNote caught(std::string code) {
  try {
    throw;
  } catch (const RetryAfter& error) {
    return {std::string(kOutsideClass), error.code(), error.what(), error.wait()};
  } catch (const std::exception& error) {
    return {std::string(kHandlerClass), std::move(code), error.what()};
  } catch (...) {
    return {std::string(kHandlerClass), std::move(code), "something that is no std::exception"};
  }
}

void note_crashes(Pending& pending, int crashes, SteadyTime now) {
  pending.crashes = crashes;
  pending.alone = true;
  if (crashes < kCrashesMax) return;
  if (pending.attempts == 0) pending.first_failed_at = now;
  pending.attempts += crashes - 1;
  pending.failed = std::make_unique<FailureNote>(
      std::string(kCrashedClass), "crashed", "no process that handled this command survived it");
}

void Lane::give_back(Pending pending) {
  if (pending.parked) {
    if (HeldKey* key = held_.find(pending.parked->held)) key->stuck = true;
  }
  give_last_back(std::move(pending));
}

void Lane::give_last_back(Pending pending) {
  if (pending.parked) {
    if (pending.failed) held_.refuse(pending.parked->held, std::move(*pending.failed));
    return;
  }
  const auto place = std::upper_bound(
      returned_.begin(),
      returned_.end(),
      pending.record.offset,
      [](std::int64_t offset, const Pending& other) { return offset < other.record.offset; });
  returned_.insert(place, std::move(pending));
}

void Lane::take(std::vector<Pending>& into, Room room, SteadyTime now) {
  if (lost_ || paused_ || now < blocked_until_ || !take_returned(into, room)) return;
  fetch(room.records, room.bytes);
  for (Record& record : fetched_) {
    Pending next = pending(std::move(record), now);
    if (next.alone || !returned_.empty()) {
      returned_.push_back(std::move(next));
    } else {
      into.push_back(std::move(next));
    }
  }
  fetched_.clear();
  if (into.empty()) take_returned(into, room);
}

// Whether there is room for more.
bool Lane::take_returned(std::vector<Pending>& into, Room& room) {
  while (!returned_.empty() && room.records > 0 && room.bytes > 0) {
    Pending& next = returned_.front();
    const bool alone = next.alone;
    if (alone && !room.for_lone) return false;
    room.for_lone = false;
    --room.records;
    room.bytes -= std::min(room.bytes, next.record.bytes);
    into.push_back(std::move(next));
    returned_.pop_front();
    if (alone) return false;
  }
  return room.records > 0 && room.bytes > 0;
}

void Lane::peek(SteadyTime now) {
  if (lost_ || !returned_.empty()) return;
  fetch(1, 1);
  for (Record& record : fetched_) returned_.push_back(pending(std::move(record), now));
  fetched_.clear();
}

Pending Lane::pending(Record record, SteadyTime now) const {
  Pending pending{std::move(record)};
  const int crashes = suspicion_.crashes_on(pending.record.offset);
  if (crashes > 0) note_crashes(pending, crashes, now);
  return pending;
}

void Lane::fetch(std::size_t records_max, std::size_t bytes_max) {
  if (stopped_) return;
  try {
    source_->take(fetched_, records_max, bytes_max);
  } catch (const Failure& failure) {
    stopped_ = failure.what();
  }
  // A fetch that was under way before a rebalance may deliver what is behind us.
  std::erase_if(fetched_, [this](const Record& record) { return record.offset < take_offset_; });
  if (!fetched_.empty()) take_offset_ = fetched_.back().offset + 1;
}

void Lane::restart(std::int64_t next_offset, std::int64_t commits) {
  next_offset_ = settled_offset_ = next_offset;
  commits_ = settled_commits_ = commits;
  take_offset_ = std::max(take_offset_, next_offset);
  while (!returned_.empty() && returned_.front().record.offset < next_offset) returned_.pop_front();
}

std::optional<WallTime> Lane::oldest() const {
  if (returned_.empty()) return std::nullopt;
  return returned_.front().record.timestamp;
}

}  // namespace pawl::engine
