#include "pawl/cli/demo_sampler.h"

#include <algorithm>

#include "pawl/consumer/worker.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

constexpr auto kRateWindow = 2s;

const Statement kCounters{"demo_counters", R"(
SELECT coalesce(sum(p.received), 0)::bigint, coalesce(sum(p.completed), 0)::bigint, coalesce(sum(p.duplicate), 0)::bigint,
       coalesce(sum(p.rejected), 0)::bigint, coalesce(sum(p.exhausted + p.undecodable), 0)::bigint,
       coalesce(sum(p.parked), 0)::bigint, (SELECT coalesce(max(batch), 0) FROM pawl.outbox)
FROM pawl.consumer_position p JOIN pawl.consumer c ON c.id = p.consumer WHERE c.name = $1)"};
const Statement kPositions{"demo_positions", R"(
SELECT p.partition, p.next_offset
FROM pawl.consumer_position p JOIN pawl.consumer c ON c.id = p.consumer WHERE c.name = $1 AND p.topic = $2)"};

}  // namespace

DemoSampler::DemoSampler(DemoTarget target, const Clock& clock)
    : target_(std::move(target)),
      clock_(clock),
      connection_({.url = target_.database_url, .application_name = "pawl demo"}),
      admin_(target_.kafka),
      before_(count()) {}

DemoSample DemoSampler::sample(Worker& worker) {
  const Counted now = count();
  DemoSample sample{.received = now.received - before_.received,
                    .completed = now.completed - before_.completed,
                    .duplicate = now.duplicate - before_.duplicate,
                    .rejected = now.rejected - before_.rejected,
                    .dead = now.dead - before_.dead,
                    .parked = now.parked - before_.parked,
                    .per_second = rate(now.received),
                    .waiting = waiting(now)};
  read_worker(worker, now, sample);
  return sample;
}

DemoSampler::Counted DemoSampler::count() {
  Parameters consumer;
  consumer.add(target_.consumer);
  const Result sums = connection_.execute(kCounters, consumer);
  Counted counted{.received = sums.integer(0, 0),
                  .completed = sums.integer(0, 1),
                  .duplicate = sums.integer(0, 2),
                  .rejected = sums.integer(0, 3),
                  .dead = sums.integer(0, 4),
                  .parked = sums.integer(0, 5),
                  .outbox_batch = sums.integer(0, 6)};
  consumer.add(target_.commands_topic);
  const Result positions = connection_.execute(kPositions, consumer);
  for (int row = 0; row < positions.rows(); ++row) {
    counted.next_offset[static_cast<std::int32_t>(positions.integer(row, 0))] =
        positions.integer(row, 1);
  }
  return counted;
}

// Asked after the database, so that it is never less than what was there. A partition without a
// position is read from its beginning.
std::int64_t DemoSampler::waiting(const Counted& counted) {
  std::int64_t waiting = 0;
  const auto ends = admin_.watermarks(target_.commands_topic);
  for (std::size_t partition = 0; partition < ends.size(); ++partition) {
    const auto position = counted.next_offset.find(static_cast<std::int32_t>(partition));
    const std::int64_t next =
        position == counted.next_offset.end() ? ends[partition].low : position->second;
    waiting += std::max<std::int64_t>(0, ends[partition].high - next);
  }
  return waiting;
}

double DemoSampler::rate(std::int64_t received) {
  const SteadyTime now = clock_.now();
  history_.emplace_back(now, received);
  while (history_.size() > 2 && now - history_[1].first >= kRateWindow) history_.pop_front();
  const std::chrono::duration<double> time = now - history_.front().first;
  if (time.count() <= 0) return 0;
  return static_cast<double>(received - history_.front().second) / time.count();
}

void DemoSampler::read_worker(Worker& worker, const Counted& counted, DemoSample& sample) {
  std::optional<WallTime> oldest;
  for (const engine::Status& engine : worker.engines()) {
    joined_ = joined_ || !engine.lanes.empty();
    if (engine.oldest_unprocessed)
      oldest = std::min(oldest.value_or(*engine.oldest_unprocessed), *engine.oldest_unprocessed);
  }
  if (oldest) sample.oldest_waiting = std::max(0ms, clock_.wall() - *oldest);
  end_to_end_.add(read_histogram(worker.metrics_page(), "pawl_end_to_end_seconds"));
  if (const auto p50 = end_to_end_.quantile(0.50)) sample.p50 = DemoSample::Seconds{*p50};
  if (const auto p99 = end_to_end_.quantile(0.99)) sample.p99 = DemoSample::Seconds{*p99};
  const auto relay = worker.relay();
  drained_ = sample.waiting == 0 && sample.parked == 0;
  if (!relay) return;
  const bool waits = relay->oldest_unpublished != WallTime{};
  sample.outbox_age = waits ? std::max(0ms, clock_.wall() - relay->oldest_unpublished) : 0ms;
  sample.outbox_rows = relay->backlog_rows;
  sample.published = static_cast<std::int64_t>(relay->published);
  drained_ = drained_ && relay->batch >= counted.outbox_batch && relay->holes == 0;
}

}  // namespace pawl::cli
