#include "bench/servers.h"

namespace pawl::bench {
namespace {

// As one would run it: durable, with room for the working set, and no checkpoint in the middle of a
// run unless the run is long. Autovacuum and everything else stays at PostgreSQL's defaults.
postgres::TemporaryServerSettings postgres_settings(const Options& options) {
  postgres::TemporaryServerSettings settings{.durable = true};
  settings.settings = {
      {"shared_buffers", "512MB"},
      {"max_wal_size", "8GB"},
      {"min_wal_size", "1GB"},  // segments are used again, as in a server that has run for a while
      {"checkpoint_timeout", "15min"}};
  if (options.statements) {
    settings.settings["shared_preload_libraries"] = "pg_stat_statements";
    settings.settings["pg_stat_statements.track_planning"] = "on";
  }
  return settings;
}

// Tests want a broker that starts soon; figures want one as Kafka's own start script runs it
// (bin/kafka-server-start.sh, bin/kafka-run-class.sh). With the tests' serial collector the
// broker stands still for 20 ms every two seconds at 500 commands/s: that alone is nearly a
// hundredth.
std::vector<std::string> jvm_options() {
  return {"-XX:TieredStopAtLevel=4",
          "-Xms1g",
          "-Xmx1g",
          "-XX:-UseSerialGC",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent"};
}

}  // namespace

Servers::Servers(const Options& options)
    : broker_({}, jvm_options()), postgres_(postgres_settings(options)) {
  broker_.start();
}

kafka::KafkaSettings Servers::kafka() const {
  return {.brokers = broker_.bootstrap(), .properties = {}, .log = {}};
}

CpuProbe Servers::probe(std::vector<pid_t> workers) const {
  return {.workers = std::move(workers), .postgres = postgres_.pid(), .broker = broker_.pid()};
}

}  // namespace pawl::bench
