#include "behaviour/fake_intake.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/records.h"

namespace pawl::test {
namespace {

Record copy_of(const StoredRecord& stored, const TopicPartition& lane, std::int64_t offset) {
  Record record =
      make_record({stored.key, stored.value, {stored.headers.begin(), stored.headers.end()}});
  record.partition = lane.partition;
  record.offset = offset;
  record.timestamp = stored.timestamp;
  return record;
}

class FakeSource final : public engine::LaneSource {
 public:
  FakeSource(FakeTopics& topics, TopicPartition lane, std::int64_t next, std::shared_ptr<int> count)
      : topics_(topics), lane_(std::move(lane)), next_(next), count_(std::move(count)) {
    ++*count_;
  }
  ~FakeSource() override { --*count_; }

  void take(std::vector<Record>& into, std::size_t records_max, std::size_t bytes_max) override {
    const FakeTopics::Partition& partition = topics_.partitions[lane_];
    std::size_t bytes = 0;
    for (std::size_t taken = 0; taken < records_max && bytes < bytes_max; ++taken) {
      if (partition.stopped)
        throw Failure(Remedy::give_up, "offset_out_of_range", *partition.stopped);
      if (topics_.away || next_ >= partition.end()) return;
      const auto& stored = partition.records[static_cast<std::size_t>(next_ - partition.begin)];
      into.push_back(copy_of(stored, lane_, next_++));
      bytes += into.back().bytes;
    }
  }

 private:
  FakeTopics& topics_;
  TopicPartition lane_;
  std::int64_t next_;
  std::shared_ptr<int> count_;
};

}  // namespace

std::int64_t FakeTopics::append(const TopicPartition& lane, StoredRecord record) {
  Partition& partition = partitions[lane];
  partition.records.push_back(std::move(record));
  return partition.end() - 1;
}

void FakeIntake::assign(std::vector<TopicPartition> lanes) {
  owner_->assigned(++assignment_, std::move(lanes));
}

void FakeIntake::revoke(bool lost) {
  revoked_ = assignment_;
  started_ = assignment_;  // an answer is not due any more
  owner_->revoked(assignment_, lost);
}

void FakeIntake::start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) {
  started_ = std::max(started_, assignment);
  for (const engine::LaneStart& start : lanes) starts_[start.lane] = start.next_offset;
}

std::unique_ptr<engine::LaneSource> FakeIntake::source(const TopicPartition& lane) {
  const auto start = starts_.find(lane);
  EXPECT_NE(start, starts_.end()) << "source() before start()";
  return std::make_unique<FakeSource>(topics_, lane, start->second, sources_);
}

void FakeIntake::released(std::uint64_t assignment) {
  EXPECT_EQ(*sources_, 0) << "released() with sources in use";
  released_ = assignment;
  starts_.clear();
}

std::int32_t FakeIntake::partitions(const std::string& topic) {
  expect_broker();
  const auto count = std::ranges::count_if(
      topics_.partitions, [&](const auto& entry) { return entry.first.topic == topic; });
  return static_cast<std::int32_t>(count);
}

std::int64_t FakeIntake::resolve(const TopicPartition& lane, engine::StartFrom from) {
  expect_broker();
  const FakeTopics::Partition& partition = topics_.partitions[lane];
  return from == engine::StartFrom::earliest ? partition.begin : partition.end();
}

void FakeIntake::report(std::span<const engine::LaneStart> next) {
  for (const engine::LaneStart& each : next) reported_[each.lane] = each.next_offset;
}

void FakeIntake::expect_broker() const {
  if (topics_.away)
    throw Failure(Remedy::reconnect_and_rerun, "_TRANSPORT", "the broker is away (by the test)");
}

}  // namespace pawl::test
