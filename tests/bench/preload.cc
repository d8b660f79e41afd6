#include "bench/preload.h"

#include <fmt/format.h>

#include <stdexcept>

#include "command_publisher/load_generator.h"
#include "pawl/kafka/record_producer.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kCheckEvery = 4096;  // records between two looks for Ctrl-C
constexpr auto kFlushMax = 60s;

}  // namespace

command_publisher::LoadShape transfers(const Options& options, std::uint64_t seed) {
  command_publisher::LoadShape shape;
  shape.accounts = options.accounts;
  shape.open_accounts = false;
  shape.captures = 0;
  shape.ids = options.ids;
  shape.seed = seed;
  shape.source = "pawl-bench";
  return shape;
}

Sent preload(const Stage& stage, const Options& options, int run, const Interrupt& interrupt) {
  auto shape = transfers(options, static_cast<std::uint64_t>(run));
  shape.duplicates = options.duplicates_percent / 100;
  command_publisher::LoadGenerator generator{shape};
  kafka::RecordProducer producer{
      {.kafka = stage.servers().kafka(), .linger = 5ms, .queue_records = 100'000}};
  const SystemClock clock;
  const std::string topic = stage.commands();
  Sent sent;
  sent.ids.reserve(options.commands);
  for (; sent.records < options.commands; ++sent.records) {
    if (sent.records % kCheckEvery == 0) interrupt.check();
    const WallTime now = clock.wall();
    const auto record = generator.next(now);
    sent.ids.insert(record.id);
    producer.produce({.topic = topic,
                      .partition = std::nullopt,
                      .key = record.key,
                      .value = record.value,
                      .headers = record.headers,
                      .timestamp = now});
  }
  producer.flush(kFlushMax);
  if (producer.counts().delivered != sent.records) {
    throw std::runtime_error(fmt::format("the broker took {} of {} commands: {}",
                                         producer.counts().delivered,
                                         sent.records,
                                         producer.last_error()));
  }
  return sent;
}

}  // namespace pawl::bench
