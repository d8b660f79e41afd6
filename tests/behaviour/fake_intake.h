// Kafka in memory: topics that tests write to, and an intake that hands out their partitions.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pawl/engine/ports.h"

namespace pawl::test {

struct StoredRecord {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::string>> headers;
  WallTime timestamp{};
};

/// What the broker keeps. Outlives the engines that read it.
struct FakeTopics {
  struct Partition {
    std::int64_t begin = 0;  // the first offset that is still there
    std::vector<StoredRecord> records;
    std::optional<std::string> stopped;  // why it cannot be read
    [[nodiscard]] std::int64_t end() const {
      return begin + static_cast<std::int64_t>(records.size());
    }
  };
  std::map<TopicPartition, Partition> partitions;
  bool away = false;

  /// Returns the record's offset.
  std::int64_t append(const TopicPartition& lane, StoredRecord record);
};

/// One consumer of the group. The test plays the group protocol: assign(), revoke().
class FakeIntake final : public engine::Intake {
 public:
  explicit FakeIntake(FakeTopics& topics) : topics_(topics) {}

  // ---- verbs for tests
  void connect(engine::LaneOwner& owner) { owner_ = &owner; }
  void assign(std::vector<TopicPartition> lanes);
  void revoke(bool lost = false);
  /// The group begins to rebalance, or has ended it.
  void settle(bool settled) { settled_ = settled; }
  /// Whether the engine has answered everything that it was told.
  [[nodiscard]] bool answered() const { return assignment_ == started_ && revoked_ == released_; }
  /// What was told to Kafka's group offsets last.
  [[nodiscard]] const std::map<TopicPartition, std::int64_t>& reported() const { return reported_; }
  /// How many sources are in use.
  [[nodiscard]] int sources() const { return *sources_; }

  // ---- engine::Intake
  void start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) override;
  std::unique_ptr<engine::LaneSource> source(const TopicPartition& lane) override;
  void released(std::uint64_t assignment) override;
  [[nodiscard]] bool is_settled() const override { return settled_; }
  std::int32_t partitions(const std::string& topic) override;
  std::int64_t resolve(const TopicPartition& lane, engine::StartFrom from) override;
  void report(std::span<const engine::LaneStart> next) override;

 private:
  void expect_broker() const;

  FakeTopics& topics_;
  engine::LaneOwner* owner_ = nullptr;
  std::uint64_t assignment_ = 0;  // the newest told
  std::uint64_t started_ = 0;     // the newest answered
  std::uint64_t revoked_ = 0;
  std::uint64_t released_ = 0;
  bool settled_ = true;
  std::map<TopicPartition, std::int64_t> starts_;
  std::map<TopicPartition, std::int64_t> reported_;
  std::shared_ptr<int> sources_ = std::make_shared<int>(0);
};

}  // namespace pawl::test
