#include "unit/kafka/lane_reader.h"

#include <limits>

namespace pawl::test {

std::int64_t Positions::next(const TopicPartition& lane) {
  const std::lock_guard lock{mutex_};
  return next_[lane];
}

void Positions::set(const TopicPartition& lane, std::int64_t next) {
  const std::lock_guard lock{mutex_};
  next_[lane] = next;
}

void LaneReader::assigned(std::uint64_t assignment, std::vector<TopicPartition> lanes) {
  const std::lock_guard lock{mutex_};
  assigned_.emplace(assignment, std::move(lanes));
  mail_ = true;
  changed_.notify_one();
}

void LaneReader::revoked(std::uint64_t assignment, bool) {
  const std::lock_guard lock{mutex_};
  revoked_ = assignment;
  mail_ = true;
  changed_.notify_one();
}

void LaneReader::wake() {
  const std::lock_guard lock{mutex_};
  ++wakes_;
  mail_ = true;
  changed_.notify_one();
}

std::size_t LaneReader::wakes() {
  const std::lock_guard lock{mutex_};
  return wakes_;
}

bool LaneReader::read_until(const std::function<bool()>& done, std::chrono::milliseconds deadline) {
  return turn_until(true, done, deadline);
}

bool LaneReader::hold_until(const std::function<bool()>& done, std::chrono::milliseconds deadline) {
  return turn_until(false, done, deadline);
}

bool LaneReader::turn_until(bool reading,
                            const std::function<bool()>& done,
                            std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!done()) {
    answer_mail();
    if (reading && read_lanes()) continue;
    if (done()) return true;
    std::unique_lock lock{mutex_};
    // Not reading, nothing wakes us when `done` is about somebody else's doing.
    const auto until =
        reading ? end
                : std::min(end, std::chrono::steady_clock::now() + std::chrono::milliseconds{5});
    changed_.wait_until(lock, until, [this] { return mail_; });
    mail_ = false;
    if (std::chrono::steady_clock::now() >= end) return false;
  }
  return true;
}

void LaneReader::answer_mail() {
  std::unique_lock lock{mutex_};
  const auto revoked = release_nothing_ ? std::nullopt : std::exchange(revoked_, std::nullopt);
  const auto assigned = std::exchange(assigned_, std::nullopt);
  lock.unlock();
  if (revoked) {
    sources_.clear();
    intake_.released(*revoked);
  }
  if (!assigned) return;
  assignment_ = assigned->first;
  neglected_.clear();
  for (const TopicPartition& lane : assigned->second) sources_[lane] = nullptr;
  take_again();
}

void LaneReader::take_again() {
  std::vector<engine::LaneStart> starts;
  for (auto& [lane, source] : sources_) {
    source = nullptr;
    source = intake_.source(lane);
    starts.push_back({lane, positions_.next(lane)});
  }
  intake_.start(assignment_, starts);
}

bool LaneReader::read_lanes() {
  bool more = false;
  for (auto& [lane, source] : sources_) {
    if (!source || neglected_.contains(lane)) continue;
    std::vector<Record> records;
    try {
      source->take(records, records_max_, std::numeric_limits<std::size_t>::max());
    } catch (const Failure& failure) {
      failures_.push_back(failure);
      source = nullptr;
      more = true;
      continue;
    }
    for (Record& record : records) {
      seen_[lane].push_back(record.offset);
      ++seen_in_all_;
      positions_.set(lane, record.offset + 1);
      if (keep_) kept_.push_back(std::move(record));
    }
    more = more || records.size() == records_max_;
  }
  return more;
}

std::set<TopicPartition> LaneReader::lanes() const {
  std::set<TopicPartition> lanes;
  for (const auto& [lane, source] : sources_) lanes.insert(lane);
  return lanes;
}

}  // namespace pawl::test
