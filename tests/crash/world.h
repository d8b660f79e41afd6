// A ledger with its own topics and database on shared servers: the fixture of everything that runs
// real programs. Starts them, gives them load, waits until all is done, and asks the checker.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "command_publisher/load_generator.h"
#include "crash/observation.h"
#include "crash/observe.h"
#include "pawl/kafka/record_producer.h"
#include "support/database.h"
#include "support/kafka_server.h"
#include "support/process.h"
#include "support/tcp_gate.h"
#include "support/temporary_folder.h"

namespace pawl::test {

struct WorldSettings {
  int in_flight = 1;
  int partitions = 4;
  int batch_commands = 200;
  /// The same member of the group comes back: no waiting until Kafka has missed the killed one.
  /// Empty: an ordinary member.
  std::string member;
  std::int64_t accounts = 50;
  std::map<std::string, std::string> topic_configs{};
  double closings = 0;           // their share; a batch with one of them is alone in flight
  KafkaServer* kafka = nullptr;  // null: the shared one
  postgres::TemporaryServer* server = nullptr;  // null: the shared one
  /// Between the programs and that broker (put behind it) or that server (with settings.tcp); the
  /// world itself goes past them. Null: nothing between.
  TcpGate* kafka_gate = nullptr;
  TcpGate* database_gate = nullptr;
};

class World {
 public:
  explicit World(WorldSettings settings = {});

  /// pawl-ledger, with further environment. Member of the same group each time.
  std::unique_ptr<Process> start_ledger(std::map<std::string, std::string> environment = {}) const;
  /// See crash_worker.cc; `--config` is added.
  std::unique_ptr<Process> start_crash_worker(
      std::vector<std::string> arguments,
      std::map<std::string, std::string> environment = {}) const;
  std::unique_ptr<Process> start(std::vector<std::string> command,
                                 std::map<std::string, std::string> environment = {}) const;

  /// Sends so many records of all kinds (the accounts' opening first) and returns when they are
  /// acknowledged.
  void produce(std::uint64_t count);
  /// The same from another generator.
  void produce(command_publisher::LoadGenerator& generator, std::uint64_t count);
  /// The pieces of it, for who sends otherwise: queues one record; waits until all is acknowledged.
  void send(const command_publisher::GeneratedRecord& record, WallTime now);
  void flush();
  [[nodiscard]] command_publisher::LoadGenerator& generator() { return generator_; }
  [[nodiscard]] std::uint64_t produced() const { return produced_; }

  /// Committed batches of all lanes; grows while a worker makes progress.
  [[nodiscard]] std::int64_t commits();
  [[nodiscard]] std::int64_t received();
  /// Every record has ended and every event is published; otherwise what is missing.
  [[nodiscard]] std::string unfinished();
  [[nodiscard]] testing::AssertionResult drains(
      std::chrono::milliseconds deadline = std::chrono::seconds{60});

  /// As if the killed worker's relay had been silent for long: its successor need not wait 5 s for
  /// its turn.
  void end_relay_turn();

  /// After the database was restarted: our own connection died with it.
  void reconnect();

  [[nodiscard]] Observation observation();
  /// The checker's verdict on what there is now.
  [[nodiscard]] testing::AssertionResult holds();
  /// And that no command was given up on: dead letters are what was sent as garbage.
  [[nodiscard]] testing::AssertionResult holds_and_gave_nothing_up();

  [[nodiscard]] Database& database() { return *database_; }
  [[nodiscard]] const Sources& sources() const { return sources_; }
  [[nodiscard]] const std::string& config_file() const { return config_file_; }

 private:
  void write_config(const WorldSettings& settings);

  Sources sources_;
  std::unique_ptr<Database> database_;
  TemporaryFolder folder_{"world"};
  std::string config_file_;
  command_publisher::LoadGenerator generator_;
  std::unique_ptr<kafka::RecordProducer> producer_;
  std::uint64_t produced_ = 0;
};

}  // namespace pawl::test
