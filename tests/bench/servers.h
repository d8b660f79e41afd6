// The broker and the database that a benchmark works on: its own, and nobody else's.
#pragma once

#include <memory>
#include <string>

#include "bench/measure_cpu.h"
#include "bench/options.h"
#include "pawl/kafka/settings.h"
#include "pawl/postgres/temporary_server.h"
#include "support/kafka_server.h"

namespace pawl::bench {

/// Both run from construction to destruction. Made by the main thread (see test::Process).
class Servers {
 public:
  /// Throws when one does not start.
  explicit Servers(const Options& options);

  [[nodiscard]] kafka::KafkaSettings kafka() const;
  [[nodiscard]] postgres::TemporaryServer& postgres() noexcept { return postgres_; }
  [[nodiscard]] const test::KafkaServer& broker() const noexcept { return broker_; }
  [[nodiscard]] CpuProbe probe(std::vector<pid_t> workers = {}) const;

 private:
  test::KafkaServer broker_;
  postgres::TemporaryServer postgres_;
};

}  // namespace pawl::bench
