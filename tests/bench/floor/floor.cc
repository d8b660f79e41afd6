#include "bench/floor/floor.h"

#include <fmt/format.h>

#include "bench/floor/broker_load.h"
#include "bench/floor/record_batches.h"
#include "bench/floor/sql_replay.h"
#include "pawl/consumer/parts.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kPoll = 1ms;
constexpr auto kJoinMax = 30s;
constexpr auto kBrokerMax = 300s;

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

/// How many commands the first batches hold: [2] is that of two batches.
std::vector<std::uint64_t> commands_until(const Recording& recording) {
  std::vector<std::uint64_t> until{0};
  for (const RecordedBatch& batch : recording.batches) {
    until.push_back(until.back());
    for (const engine::LaneAdvance& lane : batch.fence.lanes) {
      until.back() += static_cast<std::uint64_t>(lane.received);
    }
  }
  return until;
}

/// One of the three measurements: what it is made of, and what it cost.
class FloorRun {
 public:
  struct Parts {
    const Bench& bench;
    const Stage& commands;
    const Stage& own;
    Recording& recording;
    std::string group;
  };
  explicit FloorRun(Parts parts)
      : parts_(std::move(parts)),
        settings_(worker_settings(parts_.commands, parts_.own, parts_.bench.options)),
        commands_until_(commands_until(parts_.recording)) {}

  FloorRun& with_sql() {
    sql_.emplace(engine_connection(settings_), parts_.bench.options.in_flight, parts_.recording);
    return *this;
  }
  FloorRun& with_broker() {
    reader_.emplace(kafka::LaneIntakeSettings{.kafka = kafka_settings(settings_, log_),
                                              .group = parts_.group,
                                              .topics = {settings_.consumer.commands_topic},
                                              .memory_bytes = static_cast<std::size_t>(
                                                  settings_.intake.max_bytes),
                                              .on_failure = {}},
                    commands_until_.back());
    writer_.emplace(producer_settings(settings_, log_), parts_.recording);
    await([this] { return reader_->ready(); }, kJoinMax, "no lanes were assigned");
    return *this;
  }

  FloorPart measure() {
    const CpuProbe probe = parts_.own.servers().probe();
    const CpuSample before = probe.sample();
    if (reader_) reader_->begin();
    if (sql_) replay();
    if (reader_) await_broker();
    const CpuSample after = probe.sample();
    if (sql_) require_rows();
    return figures(before, after);
  }

 private:
  // As in the worker: the next batch is taken while this one is worked on, and events leave when
  // they are committed.
  void replay() {
    sql_->run(parts_.bench.interrupt, [this](std::size_t started, std::size_t committed) {
      if (!reader_) return;
      reader_->allow(commands_until_.at(std::min(started + 1, commands_until_.size() - 1)));
      writer_->allow(committed);
    });
  }

  void await_broker() {
    reader_->allow(commands_until_.back());
    writer_->allow(parts_.recording.batches.size());
    await([this] { return reader_->done() && writer_->done(); },
          kBrokerMax,
          "the broker's part does not come to its end");
  }

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

  void require_rows() const {
    postgres::Connection connection = parts_.own.connect();
    bench::require_rows(connection, rows_of(parts_.recording));
  }

  [[nodiscard]] FloorPart figures(const CpuSample& before, const CpuSample& after) const {
    const auto commands = static_cast<double>(commands_until_.back());
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
  std::vector<std::uint64_t> commands_until_;
  SystemClock clock_;
  observe::Log log_{clock_, {.level = LogLevel::warning}};
  std::optional<SqlReplay> sql_;
  std::optional<CommandReader> reader_;
  std::optional<EventWriter> writer_;
};

}  // namespace

FloorFigures measure_floor(const Bench& bench, const Stage& stage, const Sent& sent) {
  // Dropped as soon as it is measured: what it leaves in the server's buffers would be written out
  // at the next one's cost.
  std::optional<Stage> own;
  own.emplace(bench.servers, bench.options, stage.name() + "_both");
  bench.progress.say("  floor: recording");
  Recording recording = record_batches({.kafka = bench.servers.kafka(),
                                        .worker = worker_settings(stage, *own, bench.options),
                                        .partitions = bench.options.partitions,
                                        .accounts = bench.options.accounts},
                                       bench.interrupt);
  if (rows_of(recording).commands != sent.records) {
    throw std::runtime_error("not all commands were recorded");
  }
  const auto run = [&](const std::string& part) {
    return FloorRun{{bench, stage, *own, recording, stage.name() + "_floor_" + part}};
  };
  FloorFigures figures;
  figures.both = run("both").with_sql().with_broker().measure();
  figures.broker = run("broker").with_broker().measure();
  own.reset();
  own.emplace(bench.servers, bench.options, stage.name() + "_sql");
  figures.sql = run("sql").with_sql().measure();
  bench.progress.say(fmt::format("  floor {:.0f} commands/s; SQL alone {:.0f}, broker alone {:.0f}",
                                 figures.both.commands_per_second,
                                 figures.sql.commands_per_second,
                                 figures.broker.commands_per_second));
  return figures;
}

}  // namespace pawl::bench
