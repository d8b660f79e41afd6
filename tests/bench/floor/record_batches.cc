#include "bench/floor/record_batches.h"

#include "bench/floor/memory_store.h"
#include "bench/floor/topic_feed.h"
#include "bench/stage.h"
#include "pawl/consumer/consumer.h"
#include "pawl/consumer/parts.h"
#include "pawl/engine/engine.h"
#include "pawl/observe/engine_metrics.h"
#include "registration.h"

namespace pawl::bench {
namespace {

constexpr std::uint64_t kSeed = 1;  // of event ids

Registration ledger_registration() {
  Consumer<ledger::Ledger> consumer{"ledger"};
  ledger::register_commands(consumer);
  return consumer.registration();
}

InitialRow opened_accounts(std::int64_t accounts) {
  return [accounts](const engine::TableShape& table,
                    std::int64_t key) -> std::optional<test::StateRow> {
    if (table.name != "ledger.account" || key < 1 || key > accounts) return std::nullopt;
    return test::StateRow{{key, std::string{kStageCurrency}, std::int64_t{0}, kStageLimit}, 1};
  };
}

/// Everything that an engine needs around it.
struct RecordedEngine {
  RecordedEngine(const RecordingSource& source, Recording& recording)
      : store(opened_accounts(source.accounts), recording.batches),
        feed(source.kafka,
             source.worker.consumer.commands_topic,
             source.partitions,
             // One batch is being taken, one is prepared.
             2 * static_cast<std::size_t>(source.worker.batch.max_commands)),
        decoder(recording.registration.types, std::nullopt),
        log(clock, {.level = LogLevel::warning}),
        registry(clock),
        metrics(registry, {.consumer = "ledger", .command_types = {}}),
        engine(engine_settings(source.worker),
               {.store = store,
                .intake = feed,
                .domain = *recording.domain,
                .decoder = decoder,
                .metrics = metrics,
                .log = log,
                .clock = clock,
                .circuits = circuits,
                .seed = kSeed}) {}

  SystemClock clock;
  MemoryStore store;
  TopicFeed feed;
  codec::CommandDecoder decoder;
  observe::Log log;
  observe::Metrics registry;
  observe::EngineMetrics metrics;
  Circuits circuits{{.settings = {}, .clock = clock, .seed = kSeed}};
  engine::Engine engine;
};

}  // namespace

Recording record_batches(const RecordingSource& source, const Interrupt& interrupt) {
  Recording recording{ledger_registration(), nullptr, {}};
  recording.domain = recording.registration.make_domain();
  RecordedEngine parts{source, recording};
  parts.engine.lane_owner().assigned(1, parts.feed.lanes());
  for (bool going = true; going;) {
    const bool more = parts.feed.fill(interrupt);
    going = parts.engine.step() || parts.store.answer_next() || more;
  }
  return recording;
}

}  // namespace pawl::bench
