#include "soak/sampler.h"

#include <algorithm>
#include <string>

#include "pawl/core/failure.h"
#include "soak/periods.h"
#include "support/process_figures.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;

constexpr const char* kWork = R"(
SELECT (SELECT coalesce(sum(received), 0)::bigint FROM pawl.consumer_position),
       (SELECT coalesce(sum(parked), 0)::bigint FROM pawl.consumer_position),
       (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pawl%'))";

constexpr const char* kSizes = R"(
SELECT sum(pg_total_relation_size(relid)) FILTER (WHERE parentrelid = 'pawl.inbox'::regclass)::bigint,
       sum(pg_total_relation_size(relid)) FILTER (WHERE parentrelid = 'pawl.outbox'::regclass)::bigint
FROM (SELECT * FROM pg_partition_tree('pawl.inbox') UNION ALL SELECT * FROM pg_partition_tree('pawl.outbox')) t)";

constexpr const char* kTables = R"(
SELECT relid::regclass::text, pg_relation_size(relid), n_dead_tup,
       (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || relid::regclass, false, true, '')))[1]::text::bigint
FROM pg_stat_user_tables
WHERE relid IN ('pawl.consumer_position'::regclass, 'pawl.relay_position'::regclass, 'pawl.rotation'::regclass,
                'ledger.account'::regclass)
ORDER BY 1)";

constexpr const char* kRotations = R"(
SELECT (SELECT rotations FROM pawl.rotation WHERE name = 'inbox'), (SELECT count(*) FROM pawl.inbox),
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(received_at)) * 1000, 0)::bigint FROM pawl.inbox),
       (SELECT rotations FROM pawl.rotation WHERE name = 'outbox'), (SELECT count(*) FROM pawl.outbox),
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000, 0)::bigint FROM pawl.outbox))";

}  // namespace

std::optional<postgres::Result> Sampler::ask(const char* question) {
  try {
    if (!connection_) {
      connection_ = std::make_unique<postgres::Connection>(
          postgres::ConnectionSettings{.url = stage_.database().url(),
                                       .application_name = "sampler",
                                       .session = {{"lock_timeout", "1s"}}});
    }
    return connection_->execute({"", question}, {}, 5s);
  } catch (const Failure& failure) {
    if (failure.remedy() == Remedy::give_up) throw;
    connection_.reset();
    return std::nullopt;
  }
}

std::optional<Work> Sampler::work() {
  const auto answer = ask(kWork);
  if (!answer) return std::nullopt;
  return Work{answer->integer(0, 0), answer->integer(0, 1), answer->integer(0, 2)};
}

Footprint Sampler::footprint(int pid) {
  const auto work = this->work();
  const test::ProcessFigures process = test::figures_of(pid);
  return {.rss_mib = process.rss_mib,
          .descriptors = process.descriptors,
          .threads = process.threads,
          .connections = work ? static_cast<int>(work->connections) : 0};
}

void Sampler::watch_tables() {
  const auto answer = ask(kSizes);
  if (!answer) return;
  inbox_bytes_max_ = std::max(inbox_bytes_max_, answer->integer(0, 0));
  outbox_bytes_max_ = std::max(outbox_bytes_max_, answer->integer(0, 1));
}

std::vector<TableSize> Sampler::tables() {
  const postgres::Result answer = stage_.database().execute(kTables);
  std::vector<TableSize> tables;
  for (int row = 0; row < answer.rows(); ++row) {
    tables.push_back({.name = std::string(answer.text(row, 0)),
                      .rows = answer.integer(row, 3),
                      .bytes = answer.integer(row, 1),
                      .dead_rows = answer.integer(row, 2)});
  }
  return tables;
}

std::vector<RotatingTable> Sampler::rotating_tables() {
  const postgres::Result answer = stage_.database().execute(kRotations);
  const auto table = [&](std::string name, Seconds period, int column, std::int64_t bytes_max) {
    return RotatingTable{.name = std::move(name),
                         .period = period,
                         .rotations = answer.integer(0, column),
                         .rows = answer.integer(0, column + 1),
                         .bytes_max = bytes_max,
                         .oldest_row = std::chrono::milliseconds{answer.integer(0, column + 2)}};
  };
  return {table("pawl.inbox", kInboxPeriod, 0, inbox_bytes_max_),
          table("pawl.outbox", kOutboxPeriod, 3, outbox_bytes_max_)};
}

}  // namespace pawl::soak
