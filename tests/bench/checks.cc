#include "bench/checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "pawl/postgres/connection.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;
using postgres::Connection;
using postgres::Result;
using postgres::Statement;

constexpr auto kPublishedMax = 10s;

const Statement kBalanceSum{"", "SELECT coalesce(sum(balance), 0)::text FROM ledger.account"};
// Lost updates could leave the sum at zero: so each balance against its account's own transfers,
// too.
const Statement kWrongBalances{"", R"(
SELECT count(*) FROM ledger.account a
LEFT JOIN (
  SELECT account_id, sum(amount) AS balance
  FROM (SELECT credit_account_id AS account_id, amount::numeric FROM ledger.transfer
        UNION ALL SELECT debit_account_id, -amount::numeric FROM ledger.transfer) moves
  GROUP BY account_id) j USING (account_id)
WHERE a.balance <> coalesce(j.balance, 0))"};
const Statement kEffects{"", R"(
SELECT count(*), count(DISTINCT id)
FROM (SELECT transfer_id AS id FROM ledger.transfer
      UNION ALL SELECT command_id FROM ledger.statement
      UNION ALL SELECT message_id FROM pawl.inbox WHERE ending = 1) effects)"};
const Statement kEndings{"", R"(
SELECT coalesce(sum(received), 0)::bigint,
       coalesce(sum(completed + duplicate + rejected + exhausted + undecodable + parked), 0)::bigint,
       coalesce(sum(exhausted + undecodable + parked), 0)::bigint
FROM pawl.consumer_position)"};
const Statement kUnpublished{"", R"(
SELECT count(*) FROM pawl.outbox o
WHERE NOT EXISTS (SELECT FROM pawl.relay_position)
   OR EXISTS (SELECT FROM pawl.relay_position r WHERE o.batch > r.batch OR o.batch = ANY (r.holes)))"};

Check money_conserved(Connection& connection) {
  const Result sum = connection.execute(kBalanceSum);
  const std::int64_t wrong = connection.execute(kWrongBalances).integer(0, 0);
  return {"money_conserved",
          sum.text(0, 0) == "0" && wrong == 0,
          fmt::format("sum of balances {}; {} balances are not the sum of their transfers",
                      sum.text(0, 0),
                      wrong)};
}

Check one_effect_per_command(Connection& connection, const Sent& sent) {
  const Result effects = connection.execute(kEffects);
  const auto ids = static_cast<std::int64_t>(sent.ids.size());
  return {"one_effect_per_command",
          effects.integer(0, 0) == ids && effects.integer(0, 1) == ids,
          fmt::format("{} transfers, statements and rejections of {} ids; {} ids were sent",
                      effects.integer(0, 0),
                      effects.integer(0, 1),
                      ids)};
}

Check event_for_each_command(const EventLog& events, const Sent& sent) {
  const auto without = std::ranges::count_if(
      sent.ids, [&events](const Uuid& id) { return !events.causes.contains(id); });
  return {
      "event_for_each_command",
      without == 0 && events.records >= sent.ids.size(),
      fmt::format("{} events; {} of {} ids have none", events.records, without, sent.ids.size())};
}

Check received_is_ended(Connection& connection, const Sent& sent) {
  const Result endings = connection.execute(kEndings);
  const auto produced = static_cast<std::int64_t>(sent.records);
  return {
      "received_is_ended",
      endings.integer(0, 0) == produced && endings.integer(0, 1) == produced &&
          endings.integer(0, 2) == static_cast<std::int64_t>(sent.failing + sent.parked),
      fmt::format("{} produced, {} received, {} ended, {} of them as dead letters or parked; {} "
                  "had to",
                  produced,
                  endings.integer(0, 0),
                  endings.integer(0, 1),
                  endings.integer(0, 2),
                  sent.failing + sent.parked)};
}

Check all_published(Connection& connection) {
  const std::int64_t left = connection.execute(kUnpublished).integer(0, 0);
  return {"all_published", left == 0, fmt::format("{} outbox rows wait", left)};
}

}  // namespace

void await_published(const Stage& stage, const Interrupt& interrupt) {
  Connection connection = stage.connect();
  const SteadyTime deadline = std::chrono::steady_clock::now() + kPublishedMax;
  while (connection.execute(kUnpublished).integer(0, 0) > 0 &&
         std::chrono::steady_clock::now() < deadline) {
    interrupt.pause(100ms);
  }
}

std::vector<Check> check_run(const Stage& stage,
                             const Sent& sent,
                             const EventLog& events,
                             int exit_code) {
  Connection connection = stage.connect();
  return {money_conserved(connection),
          one_effect_per_command(connection, sent),
          event_for_each_command(events, sent),
          received_is_ended(connection, sent),
          all_published(connection),
          {"worker_ended_well", exit_code == 0, fmt::format("exit code {}", exit_code)}};
}

bool all_hold(const std::vector<Check>& checks) {
  return std::ranges::all_of(checks, &Check::holds);
}

}  // namespace pawl::bench
