// What a soak runs on: a Kafka and a PostgreSQL of its own, with topics and a database for one
// ledger.
#pragma once

#include <map>
#include <string>

#include "crash/observe.h"
#include "pawl/postgres/temporary_server.h"
#include "soak/options.h"
#include "support/database.h"
#include "support/kafka_server.h"
#include "support/tcp_gate.h"

namespace pawl::soak {

/// Made and used by the main thread (see test::Process).
class Stage {
 public:
  /// Starts both servers, migrates, makes the topics. Throws when that does not work.
  explicit Stage(const Options& options);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  [[nodiscard]] test::KafkaServer& broker() noexcept { return broker_; }
  [[nodiscard]] postgres::TemporaryServer& postgres() noexcept { return postgres_; }
  /// Between the workers and their broker and database; we go past them.
  [[nodiscard]] test::TcpGate& broker_gate() noexcept { return broker_gate_; }
  [[nodiscard]] test::TcpGate& database_gate() noexcept { return database_gate_; }
  [[nodiscard]] test::Database& database() noexcept { return database_; }
  [[nodiscard]] const test::Sources& sources() const noexcept { return sources_; }

  /// After PostgreSQL was restarted: our own connection died with it.
  void connect_again();

  /// PAWL_… of a worker, and of `pawl`.
  [[nodiscard]] std::map<std::string, std::string> environment() const;

 private:
  const Options options_;
  test::TcpGate broker_gate_, database_gate_;
  test::KafkaServer broker_;
  postgres::TemporaryServer postgres_;
  test::Database database_;
  std::string gated_url_;
  test::Sources sources_;
};

}  // namespace pawl::soak
