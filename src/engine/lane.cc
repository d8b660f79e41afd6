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

void Lane::give_back(Pending pending) {
  if (pending.parked) {
    const HeldKeyId& id = pending.parked->held;
    if (pending.failed) held_.refuse(id, std::move(*pending.failed));
    if (HeldKey* key = held_.find(id)) key->stuck = true;
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
  if (lost_ || paused_ || now < blocked_until_) return;
  const std::size_t begin = into.size();
  std::size_t bytes = 0;
  const auto full = [&] { return into.size() - begin >= room.records || bytes >= room.bytes; };
  const auto add = [&](Pending pending) {
    bytes += pending.record.bytes;
    into.push_back(std::move(pending));
  };
  while (!returned_.empty() && !full()) {
    const bool alone = returned_.front().alone;
    if (alone && !(room.for_lone && into.empty())) return;
    add(std::move(returned_.front()));
    returned_.pop_front();
    if (alone) return;
  }
  if (!returned_.empty() || full()) return;
  fetch(room.records - (into.size() - begin), room.bytes - bytes);
  for (Record& record : fetched_) add({std::move(record)});
  fetched_.clear();
}

void Lane::peek() {
  if (lost_ || !returned_.empty()) return;
  fetch(1, 1);
  for (Record& record : fetched_) returned_.push_back({std::move(record)});
  fetched_.clear();
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
