// Reads what the demo shows: counters from the database, ages and latencies from the worker, ends
// from Kafka.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "pawl/cli/demo_view.h"
#include "pawl/cli/histogram_window.h"
#include "pawl/core/clock.h"
#include "pawl/kafka/admin.h"
#include "pawl/postgres/connection.h"

namespace pawl {
class Worker;
}

namespace pawl::cli {

struct DemoTarget {
  std::string database_url;
  std::string consumer;
  std::string commands_topic;
  kafka::KafkaSettings kafka;
};

/// Used by the demo's thread. What was there before the demo (real database) is taken off.
class DemoSampler {
 public:
  DemoSampler(DemoTarget target, const Clock& clock);

  /// Everything but phase, elapsed and sent. Throws Failure when database or broker are away.
  [[nodiscard]] DemoSample sample(Worker& worker);
  /// Whether the worker owned partitions, by the last sample.
  [[nodiscard]] bool joined() const noexcept { return joined_; }
  /// Whether nothing is left to read or to publish, by the last sample.
  [[nodiscard]] bool drained() const noexcept { return drained_; }

 private:
  struct Counted {
    std::int64_t received = 0, completed = 0, duplicate = 0, rejected = 0, dead = 0, parked = 0;
    std::int64_t outbox_batch = 0;                       // the newest
    std::map<std::int32_t, std::int64_t> next_offset{};  // by partition
  };
  [[nodiscard]] Counted count();
  [[nodiscard]] std::int64_t waiting(const Counted& counted);
  [[nodiscard]] double rate(std::int64_t received);
  void read_worker(Worker& worker, const Counted& counted, DemoSample& sample);

  DemoTarget target_;
  const Clock& clock_;
  postgres::Connection connection_;
  kafka::Admin admin_;
  Counted before_;
  HistogramWindow end_to_end_{10};
  std::deque<std::pair<SteadyTime, std::int64_t>> history_;  // received
  bool joined_ = false;
  bool drained_ = false;
};

}  // namespace pawl::cli
