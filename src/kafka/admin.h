// Topics: whether they exist, what they are like, making them. For start-up checks and the CLI;
// every call asks the broker.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/failure.h"
#include "pawl/core/record.h"
#include "pawl/kafka/settings.h"

namespace pawl::kafka {

struct Client;

struct NewTopic {
  std::string name;
  int partitions = 1;
  int replication_factor = -1;                 // -1: the broker's default
  std::map<std::string, std::string> configs;  // e.g. {"retention.ms", "604800000"}
};

struct TopicDescription {
  std::string name;
  bool exists = false;
  int partitions = 0;
  /// Empty when the broker would not tell (no right to, or librdkafka's mock cluster); -1: records
  /// are kept for ever.
  std::optional<std::chrono::milliseconds> retention;
};

struct Watermarks {
  std::int64_t low = 0;   // the oldest record's offset
  std::int64_t high = 0;  // the next record's offset
};

/// One client, made for a few questions. Not thread-safe. Every call waits `answer_max` at most and
/// throws Failure(reconnect_and_rerun) when no broker answers.
class Admin {
 public:
  explicit Admin(const KafkaSettings& settings,
                 std::chrono::milliseconds answer_max = std::chrono::seconds{10});
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  /// Creates one topic. False when it existed already (left as it is). Throws Failure when the
  /// broker refuses. Does not work on librdkafka's mock cluster: see MockCluster::create_topic.
  bool create_topic(const NewTopic& topic);

  /// Existence and partitions. `with_retention` asks for its retention too (needs
  /// DESCRIBE_CONFIGS).
  [[nodiscard]] TopicDescription describe(const std::string& topic, bool with_retention = false);

  /// Of every partition of an existing topic, by partition.
  [[nodiscard]] std::vector<Watermarks> watermarks(const std::string& topic);

  /// Of every partition of an existing topic, by partition: the first record whose timestamp is not
  /// before `from`, or the end where there is none.
  [[nodiscard]] std::vector<std::int64_t> offsets_at(const std::string& topic, WallTime from);

 private:
  [[nodiscard]] std::optional<std::chrono::milliseconds> retention(const std::string& topic);

  int answer_max_ms_;
  std::unique_ptr<Client> client_;
};

/// The partition counts of topics that must exist. Throws Failure(give_up) that names all missing
/// ones and what to run.
[[nodiscard]] std::map<std::string, int> require_topics(const KafkaSettings& settings,
                                                        std::span<const std::string> topics,
                                                        std::chrono::milliseconds answer_max);

}  // namespace pawl::kafka
