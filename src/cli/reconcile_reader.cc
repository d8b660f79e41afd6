#include "pawl/cli/reconcile_reader.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "pawl/cli/consumer_number.h"
#include "pawl/kafka/admin.h"
#include "pawl/postgres/connection.h"

namespace pawl::cli {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

const Statement kBegin{"", "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"};
// Before the first SELECT, which takes the snapshot: a TRUNCATE in between would show us an empty
// table.
const Statement kHoldRotations{"", "LOCK TABLE pawl.inbox, pawl.outbox IN ACCESS SHARE MODE"};
const Statement kLanes{"", R"(
SELECT topic, partition, start_offset, next_offset, received, completed, duplicate, rejected, exhausted, undecodable, parked,
       redriven_exhausted, redriven_undecodable
FROM pawl.consumer_position WHERE consumer = $1 ORDER BY topic, partition)"};
const Statement kDeadLetters{"", R"(
SELECT topic, partition, sum(kept)::bigint, sum(expired)::bigint
FROM (SELECT topic, partition, count(*) AS kept, 0 AS expired
      FROM pawl.dead_letter WHERE consumer = $1 GROUP BY topic, partition
      UNION ALL SELECT topic, partition, 0, letters FROM pawl.dead_letter_expired WHERE consumer = $1) letters
GROUP BY topic, partition)"};
const Statement kParked{"", "SELECT count(*) FROM pawl.parked_command WHERE consumer = $1"};
const Statement kInbox{"", R"(
SELECT count(*) FILTER (WHERE ending = 0), count(*) FILTER (WHERE ending = 1), count(*) FILTER (WHERE ending = 2)
FROM pawl.inbox WHERE consumer = $1)"};
// Of four partitions the first rotation that empties one with rows is the fourth.
const Statement kCleared{"", R"(
SELECT coalesce(bool_or(name = 'inbox' AND rotations > 3), false), coalesce(bool_or(name = 'outbox' AND rotations > 3), false)
FROM pawl.rotation)"};
const Statement kOutbox{"", R"(
SELECT count(*) FILTER (WHERE headers IS NULL), count(*) FILTER (WHERE headers IS NOT NULL)
FROM pawl.outbox WHERE source = $1)"};
const Statement kUnpublished{"", R"(
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(u.created_at)), 0)::float8
FROM (SELECT o.created_at FROM pawl.outbox o
      WHERE o.batch > (SELECT coalesce(min(batch), -1) FROM pawl.relay_position)
         OR o.batch = ANY (ARRAY(SELECT unnest(holes) FROM pawl.relay_position))
      UNION ALL SELECT created_at FROM pawl.relay_held_event) u)"};
const Statement kHoles{
    "", "SELECT coalesce(sum(cardinality(holes)), 0)::bigint FROM pawl.relay_position"};
const Statement kBooks{"", R"(
SELECT (SELECT count(*) FROM ledger.account WHERE account_id > 0),
       (SELECT count(*) FROM ledger.transfer),
       (SELECT count(DISTINCT transfer_id) FROM ledger.transfer),
       (SELECT count(*) FROM ledger.payment),
       (SELECT count(*) FROM ledger.transfer WHERE debit_account_id < 0),
       (SELECT coalesce(sum(balance), 0)::text FROM ledger.account),
       (SELECT count(*) FROM ledger.statement))"};
const Statement kWrongBalances{"", R"(
SELECT count(*) FROM ledger.account a
FULL JOIN (
  SELECT account_id, sum(amount) AS balance
  FROM (SELECT credit_account_id AS account_id, amount::numeric FROM ledger.transfer
        UNION ALL SELECT debit_account_id, -amount::numeric FROM ledger.transfer) moves
  GROUP BY account_id) j USING (account_id)
WHERE coalesce(a.balance, 0) <> coalesce(j.balance, 0))"};

class Reader {
 public:
  explicit Reader(const ReconcileQuestion& question)
      : question_(question),
        connection_({.url = question.database_url, .application_name = "pawl reconcile"}) {}

  ReconcileFigures read() {
    consumer_ =
        consumer_number(connection_, question_.database_url, question_.consumer, "pawl reconcile");
    connection_.execute(kBegin);
    connection_.execute(kHoldRotations);
    figures_.consumer = question_.consumer;
    figures_.gaps_are_lost = question_.gaps_are_lost;
    read_lanes();
    read_dead_letters();
    read_inbox();
    read_outbox();
    if (question_.ledger) read_books();
    return std::move(figures_);  // the transaction ends with the connection; it has changed nothing
  }

 private:
  Result ask(const Statement& statement) {
    Parameters parameters;
    parameters.add(consumer_);
    return connection_.execute(statement, parameters);
  }

  void read_lanes();
  void read_dead_letters();
  void read_inbox();
  void read_outbox();
  void read_books();

  const ReconcileQuestion& question_;
  Connection connection_;
  ReconcileFigures figures_;
  std::int16_t consumer_ = 0;
};

void Reader::read_lanes() {
  const Result rows = ask(kLanes);
  for (int row = 0; row < rows.rows(); ++row) {
    figures_.lanes.push_back(
        {.lane = {std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))},
         .start_offset = rows.integer(row, 2),
         .next_offset = rows.integer(row, 3),
         .received = rows.integer(row, 4),
         .completed = rows.integer(row, 5),
         .duplicate = rows.integer(row, 6),
         .rejected = rows.integer(row, 7),
         .exhausted = rows.integer(row, 8),
         .undecodable = rows.integer(row, 9),
         .redriven_exhausted = rows.integer(row, 11),
         .redriven_undecodable = rows.integer(row, 12),
         .parked = rows.integer(row, 10)});
  }
}

void Reader::read_dead_letters() {
  const Result rows = ask(kDeadLetters);
  std::map<TopicPartition, std::pair<std::int64_t, std::int64_t>> by_lane;
  for (int row = 0; row < rows.rows(); ++row) {
    by_lane[{std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))}] = {
        rows.integer(row, 2), rows.integer(row, 3)};
    figures_.dead_letters += rows.integer(row, 2);
    figures_.expired += rows.integer(row, 3);
  }
  for (LaneFigures& lane : figures_.lanes)
    std::tie(lane.dead_letters, lane.expired) = by_lane[lane.lane];
  figures_.parked_commands = ask(kParked).integer(0, 0);
}

void Reader::read_inbox() {
  const Result rows = ask(kInbox);
  const Result cleared = connection_.execute(kCleared);
  figures_.inbox = {
      rows.integer(0, 0), rows.integer(0, 1), rows.integer(0, 2), cleared.boolean(0, 0)};
  figures_.outbox.cleared = cleared.boolean(0, 1);
}

void Reader::read_outbox() {
  Parameters source;
  source.add(question_.consumer);
  const Result rows = connection_.execute(kOutbox, source);
  figures_.outbox.events = rows.integer(0, 0);
  figures_.outbox.dead_letters = rows.integer(0, 1);
  const Result unpublished = connection_.execute(kUnpublished);
  figures_.outbox.unpublished = unpublished.integer(0, 0);
  figures_.outbox.oldest_unpublished_seconds = unpublished.number(0, 1);
  figures_.outbox.holes = connection_.execute(kHoles).integer(0, 0);
}

void Reader::read_books() {
  const Result books = connection_.execute(kBooks);
  figures_.ledger =
      LedgerFigures{.customer_accounts = books.integer(0, 0),
                    .transfers = books.integer(0, 1),
                    .transfer_ids = books.integer(0, 2),
                    .statements = books.integer(0, 6),
                    .payments = books.integer(0, 3),
                    .captures = books.integer(0, 4),
                    .balance_sum = std::string(books.text(0, 5)),
                    .wrong_balances = connection_.execute(kWrongBalances).integer(0, 0)};
}

void read_ends(const kafka::KafkaSettings& settings, ReconcileFigures& figures) {
  kafka::Admin admin{settings};
  std::set<std::string> topics;
  for (const LaneFigures& lane : figures.lanes) topics.insert(lane.lane.topic);
  for (const std::string& topic : topics) {
    if (!admin.describe(topic).exists) continue;
    const auto ends = admin.watermarks(topic);
    for (LaneFigures& lane : figures.lanes) {
      const auto partition = static_cast<std::size_t>(lane.lane.partition);
      if (lane.lane.topic == topic && partition < ends.size())
        lane.ends = {ends[partition].low, ends[partition].high};
    }
  }
  figures.brokers_asked = true;
}

}  // namespace

ReconcileFigures read_figures(const ReconcileQuestion& question) {
  ReconcileFigures figures = Reader{question}.read();
  if (question.kafka) read_ends(*question.kafka, figures);
  return figures;
}

}  // namespace pawl::cli
