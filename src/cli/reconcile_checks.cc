#include "pawl/cli/reconcile_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "pawl/cli/numbers.h"

namespace pawl::cli {
namespace {

using Lanes = std::vector<LaneFigures>;

std::string name_of(const LaneFigures& lane) {
  return fmt::format("{}/{}", lane.lane.topic, lane.lane.partition);
}

std::int64_t sum(const Lanes& lanes, std::int64_t LaneFigures::* column) {
  std::int64_t total = 0;
  for (const LaneFigures& lane : lanes) total += lane.*column;
  return total;
}

Check verdict(std::string name, std::string promise, bool holds, std::string found) {
  return {std::move(name),
          std::move(promise),
          holds ? Verdict::holds : Verdict::broken,
          std::move(found)};
}

/// A check that every lane must pass. `complaint` is empty for a lane that does.
Check in_every_lane(std::string name,
                    std::string promise,
                    const Lanes& lanes,
                    std::string fine,
                    const std::function<std::string(const LaneFigures&)>& complaint) {
  constexpr int kNamed = 3;
  std::string found;
  int wrong = 0;
  for (const LaneFigures& lane : lanes) {
    const std::string text = complaint(lane);
    if (text.empty() || ++wrong > kNamed) continue;
    found += fmt::format("{}{}: {}", wrong > 1 ? "; " : "", name_of(lane), text);
  }
  if (wrong > kNamed) found += fmt::format("; and {} more lanes", wrong - kNamed);
  return verdict(
      std::move(name), std::move(promise), wrong == 0, wrong == 0 ? std::move(fine) : found);
}

Check received_is_ended(const ReconcileFigures& figures) {
  const std::int64_t received = sum(figures.lanes, &LaneFigures::received);
  return in_every_lane(
      "received",
      "received = completed + duplicate + rejected + dead + parked",
      figures.lanes,
      fmt::format("{} in {} lanes", grouped(received), figures.lanes.size()),
      [](const LaneFigures& lane) {
        if (lane.received == lane.ended()) return std::string{};
        return fmt::format("received {}, ended {}", grouped(lane.received), grouped(lane.ended()));
      });
}

Check offsets_cover_received(const ReconcileFigures& figures) {
  std::int64_t passed_by = 0;
  for (const LaneFigures& lane : figures.lanes)
    passed_by += lane.next_offset - lane.start_offset - lane.received;
  const std::string fine =
      passed_by == 0
          ? "no offset without a record"
          : fmt::format("offsets without a record: {} (compaction, transaction markers?)",
                        grouped(passed_by));
  return in_every_lane("offsets",
                       figures.gaps_are_lost ? "every lane moved by what it received"
                                             : "every lane moved by at least what it received",
                       figures.lanes,
                       fine,
                       [exact = figures.gaps_are_lost](const LaneFigures& lane) {
                         const std::int64_t moved = lane.next_offset - lane.start_offset;
                         if (exact ? moved == lane.received : moved >= lane.received)
                           return std::string{};
                         return fmt::format(
                             "moved by {}, received {}", grouped(moved), grouped(lane.received));
                       });
}

/// Rows that are kept for a while only must equal their counter, or be fewer once some were cleared
/// away.
Check rows_match(
    std::string name, std::string promise, std::int64_t rows, std::int64_t counted, bool cleared) {
  const bool holds = cleared ? rows <= counted : rows == counted;
  std::string found = fmt::format("{} rows, {} counted", grouped(rows), grouped(counted));
  if (cleared && holds) found += "; older rows were cleared away, so this is a lower bound";
  return verdict(std::move(name), std::move(promise), holds, std::move(found));
}

void check_inbox(const ReconcileFigures& figures, std::vector<Check>& checks) {
  const InboxFigures& inbox = figures.inbox;
  const auto add = [&](const char* ending, std::int64_t rows, std::int64_t commands) {
    checks.push_back(rows_match(fmt::format("inbox_{}", ending),
                                fmt::format("one inbox row for each {} command", ending),
                                rows,
                                commands,
                                inbox.cleared));
  };
  add("completed", inbox.completed, sum(figures.lanes, &LaneFigures::completed));
  add("rejected", inbox.rejected, sum(figures.lanes, &LaneFigures::rejected));
  add("exhausted",
      inbox.exhausted,
      sum(figures.lanes, &LaneFigures::exhausted) -
          sum(figures.lanes, &LaneFigures::redriven_exhausted));
}

std::string rows_and_expired(std::int64_t rows, std::int64_t expired) {
  return fmt::format("{} rows{}",
                     grouped(rows),
                     expired == 0 ? "" : fmt::format(" + {} expired", grouped(expired)));
}

Check dead_letters_are_kept(const ReconcileFigures& figures) {
  const std::int64_t in_lanes =
      sum(figures.lanes, &LaneFigures::dead_letters) + sum(figures.lanes, &LaneFigures::expired);
  const std::int64_t in_all = figures.dead_letters + figures.expired;
  Check check = in_every_lane(
      "dead_letters",
      "one dead letter for each exhausted or undecodable command",
      figures.lanes,
      rows_and_expired(figures.dead_letters, figures.expired),
      [](const LaneFigures& lane) {
        const std::int64_t dead = lane.exhausted + lane.undecodable;
        if (lane.dead_letters + lane.expired == dead) return std::string{};
        return fmt::format(
            "{}, {} counted", rows_and_expired(lane.dead_letters, lane.expired), grouped(dead));
      });
  if (check.verdict == Verdict::holds && in_lanes != in_all) {
    check.verdict = Verdict::broken;
    check.found =
        fmt::format("{} rows of partitions without a position", grouped(in_all - in_lanes));
  }
  return check;
}

Check parked_are_kept(const ReconcileFigures& figures) {
  Check check = rows_match("parked",
                           "one parked command for each that waits for its retry",
                           figures.parked_commands,
                           sum(figures.lanes, &LaneFigures::parked),
                           false);
  if (check.verdict == Verdict::holds && figures.parked_commands > 0)
    check.verdict = Verdict::waiting;
  return check;
}

Check dead_letters_are_sent(const ReconcileFigures& figures) {
  const std::int64_t dead =
      sum(figures.lanes, &LaneFigures::exhausted) + sum(figures.lanes, &LaneFigures::undecodable);
  return rows_match("dead_letter_records",
                    "one record for the dead-letter topic for each dead letter",
                    figures.outbox.dead_letters,
                    dead,
                    figures.outbox.cleared);
}

Check everything_is_published(const ReconcileFigures& figures) {
  const OutboxFigures& outbox = figures.outbox;
  Check check{
      "published", "every event of the outbox is published", Verdict::holds, "nothing waits"};
  if (outbox.unpublished > 0 || outbox.holes > 0) {
    check.verdict = Verdict::waiting;
    check.found =
        fmt::format("{} events wait, the oldest for {}; {} numbers are still open",
                    grouped(outbox.unpublished),
                    readable(std::chrono::duration<double>{outbox.oldest_unpublished_seconds}),
                    grouped(outbox.holes));
  }
  return check;
}

Check log_holds_what_is_next(const ReconcileFigures& figures) {
  return in_every_lane(
      "topic",
      "Kafka still holds what every lane reads next",
      figures.lanes,
      "every position lies inside its partition",
      [](const LaneFigures& lane) {
        if (!lane.ends) return std::string{"the topic has no such partition any more"};
        if (lane.next_offset < lane.ends->low) {
          return fmt::format("next offset {}, but the oldest record is {}: {} were deleted unread",
                             lane.next_offset,
                             lane.ends->low,
                             grouped(lane.ends->low - lane.next_offset));
        }
        if (lane.next_offset > lane.ends->high) {
          return fmt::format("next offset {}, but the topic ends at {}: was it recreated?",
                             lane.next_offset,
                             lane.ends->high);
        }
        return std::string{};
      });
}

Check everything_is_read(const ReconcileFigures& figures) {
  std::int64_t lag = 0;
  for (const LaneFigures& lane : figures.lanes) {
    if (lane.ends) lag += std::max<std::int64_t>(0, lane.ends->high - lane.next_offset);
  }
  if (lag == 0) return {"read", "every record is read", Verdict::holds, "no lag"};
  return {"read",
          "every record is read",
          Verdict::waiting,
          fmt::format("{} records wait", grouped(lag))};
}

void check_ledger(const ReconcileFigures& figures, std::vector<Check>& checks) {
  const LedgerFigures& ledger = *figures.ledger;
  const std::int64_t completed = sum(figures.lanes, &LaneFigures::completed);
  const std::int64_t rejected = sum(figures.lanes, &LaneFigures::rejected);
  checks.push_back(verdict("money",
                           "the sum of all balances is zero",
                           ledger.balance_sum == "0",
                           "sum " + ledger.balance_sum));
  checks.push_back(verdict("journal",
                           "every balance is the sum of its account's transfers",
                           ledger.wrong_balances == 0,
                           fmt::format("{} accounts differ", grouped(ledger.wrong_balances))));
  checks.push_back(
      verdict("effects",
              "one account, transfer or statement for each completed command",
              ledger.customer_accounts + ledger.transfers + ledger.statements == completed,
              fmt::format("{} accounts + {} transfers + {} statements, {} completed",
                          grouped(ledger.customer_accounts),
                          grouped(ledger.transfers),
                          grouped(ledger.statements),
                          grouped(completed))));
  checks.push_back(verdict(
      "once",
      "no command has two transfers",
      ledger.transfers == ledger.transfer_ids,
      fmt::format(
          "{} transfers, {} ids", grouped(ledger.transfers), grouped(ledger.transfer_ids))));
  checks.push_back(verdict(
      "payments",
      "one transfer from a clearing account for each payment",
      ledger.payments == ledger.captures,
      fmt::format(
          "{} payments, {} transfers", grouped(ledger.payments), grouped(ledger.captures))));
  checks.push_back(rows_match("events",
                              "one event for each completed or rejected command",
                              figures.outbox.events,
                              completed + rejected,
                              figures.outbox.cleared));
}

}  // namespace

std::vector<Check> check(const ReconcileFigures& figures) {
  std::vector<Check> checks{received_is_ended(figures), offsets_cover_received(figures)};
  check_inbox(figures, checks);
  checks.push_back(dead_letters_are_kept(figures));
  checks.push_back(parked_are_kept(figures));
  checks.push_back(dead_letters_are_sent(figures));
  if (figures.ledger) check_ledger(figures, checks);
  checks.push_back(everything_is_published(figures));
  if (figures.brokers_asked) {
    checks.push_back(log_holds_what_is_next(figures));
    checks.push_back(everything_is_read(figures));
  }
  return checks;
}

bool passed(const std::vector<Check>& checks, bool drained) {
  return std::ranges::all_of(checks, [drained](const Check& check) {
    switch (check.verdict) {
      case Verdict::holds:
        return true;
      case Verdict::waiting:
        return !drained;
      case Verdict::broken:
        return false;
    }
    return false;
  });
}

}  // namespace pawl::cli
