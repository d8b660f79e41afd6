#include "soak/load.h"

#include <stdexcept>

#include "pawl/kafka/record_producer.h"
#include "soak/periods.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kBacklog = 80'000;

command_publisher::LoadShape shape_of(const Options& options) {
  return {.accounts = options.accounts,
          .open_accounts = false,
          .skew = {.hot_share = 0.2, .hot_accounts = 10},
          .captures = 0.05,
          .duplicates = 0.05,
          .remembered = static_cast<std::size_t>(options.per_second * kRepeatedFor.count()),
          .rejections = 0.05,
          .garbage = 0.01,
          .seed = options.seed,
          .source = "pawl-soak"};
}

kafka::ProducerSettings producer_settings(const test::Sources& sources) {
  return {.kafka = {.brokers = sources.brokers},
          .linger = 5ms,
          .queue_records = 500'000,
          .queue_bytes = std::size_t{512} << 20U,
          .delivery_max = 120s};
}

}  // namespace

std::uint64_t send_backlog(const Options& options, const test::Sources& sources) {
  command_publisher::LoadShape shape = shape_of(options);
  shape.open_accounts = true;
  shape.seed = ~options.seed;  // other ids than the load's
  command_publisher::LoadGenerator generator{shape};
  kafka::RecordProducer producer{producer_settings(sources)};
  const SystemClock clock;
  while (generator.opening() || generator.counts().all() < kBacklog) {
    const WallTime now = clock.wall();
    const auto record = generator.next(now);
    producer.produce({.topic = sources.commands_topic,
                      .partition = std::nullopt,
                      .key = record.key,
                      .value = record.value,
                      .headers = record.headers,
                      .timestamp = now});
  }
  if (!producer.flush(60s) || producer.counts().failed > 0)
    throw std::runtime_error("the backlog was not taken: " + producer.last_error());
  return producer.counts().delivered;
}

cli::DemoLoadSettings steady_load(const Options& options, const test::Sources& sources) {
  return {.shape = shape_of(options),
          .per_second = options.per_second,
          .ahead_max = std::uint64_t{1} << 60U,  // it does not wait for anybody
          .topic = sources.commands_topic,
          .producer = producer_settings(sources)};
}

}  // namespace pawl::soak
