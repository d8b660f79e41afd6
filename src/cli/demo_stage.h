// What the demo plays on: a private PostgreSQL and an embedded Kafka, or real ones where they are
// given.
#pragma once

#include <memory>
#include <string>

#include "pawl/config/settings.h"

namespace pawl::kafka {
class MockCluster;
}
namespace pawl::postgres {
class TemporaryServer;
}

namespace pawl::cli {

struct StageOptions {
  std::string brokers;   // empty: librdkafka's mock cluster in this process
  std::string database;  // empty: a private server in a temporary folder
};

/// Owns what it started; destruction (or the end of the process, however it comes) removes it.
class DemoStage {
 public:
  /// Starts what is not given. Throws Failure.
  explicit DemoStage(StageOptions options);
  ~DemoStage();
  DemoStage(const DemoStage&) = delete;
  DemoStage& operator=(const DemoStage&) = delete;

  [[nodiscard]] std::string brokers() const;
  [[nodiscard]] std::string database() const;
  /// For people.
  [[nodiscard]] std::string kafka_text() const;
  [[nodiscard]] std::string database_text() const;

  /// Migrates the database and makes the topics that are missing. Throws Failure.
  void prepare(const config::Settings& settings, int partitions);

 private:
  void make_topics(const config::Settings& settings, int partitions);

  StageOptions options_;
  std::unique_ptr<postgres::TemporaryServer> server_;
  std::unique_ptr<kafka::MockCluster> cluster_;
};

}  // namespace pawl::cli
