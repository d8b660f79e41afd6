#include "bench/floor/measure_floor.h"

#include <fmt/format.h>

#include "bench/floor/broker_load.h"
#include "bench/floor/record_batches.h"
#include "bench/floor/sql_replay.h"
#include "pawl/consumer/parts.h"
#include "pawl/postgres/connection.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kPoll = 1ms;
constexpr auto kJoinMax = 30s;
constexpr auto kReadMax = 300s;

const postgres::Statement kCounts{"", R"(
SELECT (SELECT sum(received)::bigint FROM pawl.consumer_position),
       (SELECT count(*) FROM pawl.inbox),
       (SELECT count(*) FROM pawl.outbox))"};

config::Settings worker_settings(const Stage& commands, const Stage& own, const Options& options) {
  config::Settings settings;
  settings.kafka.brokers = own.servers().kafka().brokers;
  settings.database.url = config::Secret{own.database_url()};
  settings.consumer.name = "ledger";
  settings.consumer.commands_topic = commands.commands();
  settings.consumer.events_topic = own.events();
  settings.consumer.dead_letter_topic = own.dead_letters();
  settings.engine.in_flight = options.in_flight;
  settings.batch.max_commands = options.batch;
  return settings;
}

/// One of the three measurements: what it is made of, and what it cost.
class FloorRun {
 public:
  struct Parts {
    const Bench& bench;
    const Stage& commands;
    const Stage& own;
    Recording& recording;
    const RecordedRows& rows;
    std::string group;
  };
  explicit FloorRun(Parts parts)
      : parts_(std::move(parts)),
        settings_(worker_settings(parts_.commands, parts_.own, parts_.bench.options)) {}

  FloorRun& with_sql() {
    sql_.emplace(
        engine_connection(settings_), parts_.bench.options.in_flight, parts_.recording);
    return *this;
  }
  FloorRun& with_broker() {
    reader_.emplace(
        kafka::LaneIntakeSettings{
            .kafka = kafka_settings(settings_, log_),
            .group = parts_.group,
            .topics = {settings_.consumer.commands_topic},
            .memory_bytes = static_cast<std::size_t>(settings_.intake.max_bytes),
            .on_failure = {}},
        parts_.rows.commands);
    writer_.emplace(producer_settings(settings_, log_), parts_.recording);
    await([this] { return reader_->ready(); }, kJoinMax, "no lanes were assigned");
    return *this;
  }

  FloorPart measure() {
    const CpuProbe probe = parts_.own.servers().probe();
    const CpuSample before = probe.sample();
    if (reader_) reader_->begin();
    if (writer_) writer_->begin();
    if (sql_) sql_->run(parts_.bench.interrupt);
    if (reader_) {
      await([this] { return reader_->done() && writer_->done(); },
            kReadMax,
            "the broker's part does not come to its end");
    }
    const CpuSample after = probe.sample();
    if (sql_) require_rows();
    return figures(before, after);
  }

 private:
  template <class Condition>
  void await(Condition condition, std::chrono::seconds wait_max, const char* otherwise) {
    const SteadyTime deadline = std::chrono::steady_clock::now() + wait_max;
    while (!condition()) {
      if (reader_) reader_->require_well();
      if (writer_) writer_->require_well();
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(otherwise);
      parts_.bench.interrupt.pause(kPoll);
    }
  }

  // Otherwise it is the floor of other work.
  void require_rows() const {
    postgres::Connection connection{
        {.url = parts_.own.database_url(), .application_name = "pawl-bench"}};
    const auto found = connection.execute(kCounts);
    const RecordedRows& rows = parts_.rows;
    const auto count = [&](int column) {
      return static_cast<std::uint64_t>(found.integer(0, column));
    };
    if (count(0) == rows.commands && count(1) == rows.claimed && count(2) == rows.events) return;
    throw std::runtime_error(
        fmt::format("the floor's database holds {} commands, {} ids, {} events; expected {}, {}, {}",
                    count(0), count(1), count(2), rows.commands, rows.claimed, rows.events));
  }

  [[nodiscard]] FloorPart figures(const CpuSample& before, const CpuSample& after) const {
    const auto commands = static_cast<double>(parts_.rows.commands);
    const auto us_each = [commands](CpuTime time) { return time.count() * 1e6 / commands; };
    const std::chrono::duration<double> elapsed = after.at - before.at;
    return {.commands_per_second = commands / elapsed.count(),
            .client_us = us_each(after.bench - before.bench),
            .postgres_us = us_each(after.postgres - before.postgres),
            .broker_us = us_each(after.broker - before.broker),
            .others_cores = cores_of_others(before, after)};
  }

  Parts parts_;
  config::Settings settings_;
  SystemClock clock_;
  observe::Log log_{clock_, {.level = LogLevel::warning}};
  std::optional<SqlReplay> sql_;
  std::optional<CommandReader> reader_;
  std::optional<EventWriter> writer_;
};

}  // namespace

FloorFigures measure_floor(const Bench& bench, const Stage& stage, const Sent& sent, int number) {
  const auto& [servers, options, interrupt, progress] = bench;
  const auto name = [number](const char* part) { return fmt::format("floor{}{}", number, part); };
  const Stage sql{servers, options, name("sql")};
  const Stage both{servers, options, name("both")};
  progress.say("  floor: recording");
  Recording recording = record_batches({.kafka = servers.kafka(),
                                        .worker = worker_settings(stage, both, options),
                                        .partitions = options.partitions,
                                        .accounts = options.accounts},
                                       interrupt);
  const RecordedRows rows = rows_of(recording);
  if (rows.commands != sent.records) throw std::runtime_error("not all commands were recorded");

  const auto run = [&](const Stage& own, const char* group) {
    return FloorRun{{bench, stage, own, recording, rows, name(group)}};
  };
  FloorFigures figures;
  figures.sql = run(sql, "sql").with_sql().measure();
  figures.broker = run(both, "broker").with_broker().measure();
  figures.both = run(both, "both").with_sql().with_broker().measure();
  progress.say(fmt::format("  floor: {:.0f} commands/s; SQL alone {:.0f}, broker alone {:.0f}",
                           figures.both.commands_per_second,
                           figures.sql.commands_per_second,
                           figures.broker.commands_per_second));
  return figures;
}

}  // namespace pawl::bench
