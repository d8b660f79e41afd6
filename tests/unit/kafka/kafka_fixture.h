// What Kafka tests say: produce, consumer, expect_all_once. The broker is the mock cluster or a
// real one.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <thread>

#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/record_producer.h"
#include "unit/kafka/lane_reader.h"

namespace pawl::test {

inline kafka::KafkaSettings kafka_at(const std::string& brokers) {
  kafka::KafkaSettings settings{.brokers = brokers};
  settings.properties["session.timeout.ms"] = "6000";
  settings.properties["heartbeat.interval.ms"] = "200";
  return settings;
}

inline kafka::LaneIntakeSettings group_at(const std::string& brokers,
                                          const std::string& group,
                                          const std::string& topic) {
  return {.kafka = kafka_at(brokers), .group = group, .topics = {topic}};
}

/// A process of a consumer group: an intake and the engines that it feeds.
class Worker {
 public:
  Worker(kafka::LaneIntakeSettings settings, Positions& positions, int engines = 1)
      : intake{std::move(settings)} {
    std::vector<engine::LaneOwner*> owners;
    for (int i = 0; i < engines; ++i) {
      readers.push_back(std::make_unique<LaneReader>(intake, positions));
      owners.push_back(readers.back().get());
    }
    intake.start(owners);
  }
  ~Worker() { leave(); }

  /// Leaves the group as a worker does that shuts down: everything is released when it is asked
  /// for.
  void leave() {
    std::atomic<bool> stopped = false;
    std::thread stopper{[&] {
      intake.stop();
      stopped = true;
    }};
    for (auto& reader : readers) {
      reader->kept().clear();
      (void)reader->hold_until([&] { return stopped || reader->lanes().empty(); });
    }
    stopper.join();
  }
  LaneReader& reader(std::size_t engine = 0) { return *readers[engine]; }

  kafka::LaneIntake intake;
  std::vector<std::unique_ptr<LaneReader>> readers;
};

/// Produces `count` records of `bytes` each to every one of `partitions`; returns when they are
/// acknowledged.
inline void produce(const std::string& brokers,
                    const std::string& topic,
                    int partitions,
                    std::size_t count,
                    std::size_t bytes = 20) {
  kafka::RecordProducer producer{{.kafka = {.brokers = brokers}}};
  const std::string value(bytes, 'v');
  for (std::size_t i = 0; i < count; ++i) {
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      producer.produce({.topic = topic, .partition = partition, .key = "k", .value = value});
    }
  }
  ASSERT_TRUE(producer.flush(std::chrono::seconds{60}));
  ASSERT_EQ(producer.counts().delivered, count * static_cast<std::size_t>(partitions));
}

/// Offsets first, first + 1 … as many as `count`.
inline std::vector<std::int64_t> offsets(std::int64_t first, std::size_t count) {
  std::vector<std::int64_t> all(count);
  std::iota(all.begin(), all.end(), first);
  return all;
}

}  // namespace pawl::test
