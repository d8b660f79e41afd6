// A Kafka cluster inside this process, made by librdkafka: for `pawl demo` and unit tests. In
// memory, experimental there.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace pawl::kafka {

/// What it does not have (2.0.2), and what to do instead:
/// - CreateTopics: use create_topic() before anybody asks for the topic. Asking for an unknown
/// topic creates it with 4 partitions,
///   so a missing topic cannot be seen here.
/// - DescribeConfigs: TopicDescription::retention stays empty.
/// - Retention: a partition drops its oldest batches once it holds 5 MB or 100,000 batches. A
/// reader
///   that falls so far behind finds its offset out of range.
class MockCluster {
 public:
  /// Brokers listen on loopback ports until destruction. Throws Failure(give_up) when they cannot.
  explicit MockCluster(int brokers = 1);
  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  /// For KafkaSettings::brokers.
  [[nodiscard]] std::string bootstrap() const;
  void create_topic(const std::string& name, int partitions);

  /// Connections break and are refused, until come_back(). Thread-safe.
  void go_away();
  void come_back();
  /// The next request for a producer id is refused, which ends an idempotent producer: for tests of
  /// that.
  void refuse_next_producer();
  /// Every answer takes so much longer.
  void slow_down(std::chrono::milliseconds by);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pawl::kafka
