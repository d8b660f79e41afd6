#include "bench/preload.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <unordered_set>

#include "command_publisher/load_generator.h"
#include "pawl/kafka/record_producer.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kCheckEvery = 4096;  // records between two looks for Ctrl-C
constexpr auto kFlushMax = 60s;

}  // namespace

command_publisher::LoadShape good_commands(const Options& options, std::uint64_t seed) {
  command_publisher::LoadShape shape;
  shape.accounts = options.accounts;
  shape.open_accounts = false;
  shape.captures = 0;
  shape.closings = options.workload.closings ? 1 : 0;
  shape.ids = options.ids;
  shape.encoding = options.workload.content;
  shape.payload_bytes = static_cast<std::size_t>(options.workload.payload_bytes);
  shape.skew = {.hot_share = options.workload.hot_percent / 100,
                .hot_accounts = std::min(options.workload.hot_accounts, options.accounts)};
  shape.seed = seed;
  shape.source = "pawl-bench";
  return shape;
}

namespace {

/// All commands of a run: one that fails for each key to be held, then those that succeed, and one
/// in so many that does not.
class Mix {
 public:
  Mix(const Options& options, std::uint64_t seed)
      : failing_every_(static_cast<std::uint64_t>(options.workload.failing_every)),
        held_keys_(static_cast<std::size_t>(options.workload.held_keys)),
        good_(with_duplicates(good_commands(options, seed), options)),
        failing_(failing(options, seed + kFailingSeed)) {}

  command_publisher::GeneratedRecord next(WallTime now, Sent& sent) {
    ++sent.records;
    if (held_.size() < held_keys_) {
      ++sent.parked;
      return holder(now);
    }
    const bool fails = failing_every_ > 0 && sent.records % failing_every_ == 0;
    if (fails) {
      ++sent.failing;
      return failing_.next(now);
    }
    const auto record = good_.next(now);
    if (held_.contains(std::string(record.key))) {
      ++sent.parked;
    } else {
      sent.ids.insert(record.id);
    }
    return record;
  }

 private:
  static constexpr std::uint64_t kFailingSeed = 2'000'000;  // far from the other seeds
  static constexpr const char* kThrowingMemo = "throw";     // moody_ledger_main.cc

  /// The first of another key.
  command_publisher::GeneratedRecord holder(WallTime now) {
    while (true) {
      const auto record = failing_.next(now);
      if (held_.emplace(record.key).second) return record;
    }
  }

  static command_publisher::LoadShape with_duplicates(command_publisher::LoadShape shape,
                                                      const Options& options) {
    // Closings take what is left of 1.
    shape.duplicates = options.duplicates_percent / 100;
    if (shape.closings > 0) shape.closings -= shape.duplicates;
    return shape;
  }
  static command_publisher::LoadShape failing(const Options& options, std::uint64_t seed) {
    command_publisher::LoadShape shape = good_commands(options, seed);
    if (options.workload.closings) {
      shape.first_account = options.accounts + 1;
      shape.accounts = kRefusedAccounts;
      shape.skew = {};
    }
    const bool holds = options.workload.held_keys > 0;
    if (holds) shape.accounts = options.workload.held_keys;
    const bool throws = holds || options.workload.failing_by == Failing::decider;
    shape.memo = throws ? kThrowingMemo : kRefusedMemo;
    return shape;
  }

  std::uint64_t failing_every_;
  std::size_t held_keys_;
  std::unordered_set<std::string> held_;
  command_publisher::LoadGenerator good_;
  command_publisher::LoadGenerator failing_;
};

}  // namespace

Sent preload(const Stage& stage, const Options& options, int run, const Interrupt& interrupt) {
  Mix mix{options, static_cast<std::uint64_t>(run)};
  kafka::RecordProducer producer{
      {.kafka = stage.servers().kafka(), .linger = 5ms, .queue_records = 100'000}};
  const SystemClock clock;
  const std::string topic = stage.commands();
  Sent sent;
  sent.ids.reserve(options.commands);
  while (sent.records < options.commands) {
    if (sent.records % kCheckEvery == 0) interrupt.check();
    const WallTime now = clock.wall();
    const auto record = mix.next(now, sent);
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
