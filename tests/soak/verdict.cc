#include "soak/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace pawl::soak {
namespace {

constexpr int kGenerations = 4;  // of inbox and outbox: all may hold rows, one of them old ones
constexpr double kMiB = 1024 * 1024;

std::string first_of(const std::vector<std::string>& sentences) {
  if (sentences.empty()) return "nothing";
  if (sentences.size() == 1) return sentences.front();
  return fmt::format("{}; and {} more", sentences.front(), sentences.size() - 1);
}

Check promises(const Figures& figures) {
  return {"promises",
          "each command took effect once, in order, and told so",
          figures.broken_promises.empty(),
          first_of(figures.broken_promises)};
}

Check reconciled(const Figures& figures) {
  return {"reconciled",
          "`pawl reconcile --drained --no-gaps` agrees",
          figures.reconciled.empty(),
          figures.reconciled.empty() ? "all its checks hold" : figures.reconciled};
}

Check drained(const Figures& figures, const Tolerances& tolerances) {
  return {
      "drained",
      fmt::format("all is done {:.0f} s after the load's end", tolerances.drained_in.count()),
      figures.drained && figures.received == figures.sent &&
          figures.drained_in <= tolerances.drained_in,
      fmt::format(
          "{} of {} after {:.1f} s", figures.received, figures.sent, figures.drained_in.count())};
}

Check progress(const Figures& figures, const Tolerances& tolerances) {
  return {"progress",
          fmt::format("never stands still for {:.0f} s while both servers are there",
                      tolerances.stall.count()),
          figures.longest_stall < tolerances.stall,
          fmt::format("{:.1f} s at most", figures.longest_stall.count())};
}

Check keeps_up(const Figures& figures, const Tolerances& tolerances) {
  const Seconds behind{static_cast<double>(figures.lag_max) / figures.per_second};
  return {"behind",
          fmt::format("never more than {:.0f} s behind the load", tolerances.behind.count()),
          behind <= tolerances.behind,
          fmt::format(
              "{} commands waited at most, {:.1f} s of the load", figures.lag_max, behind.count())};
}

Check ends(const Figures& figures) {
  return {"ends",
          "workers end when told, with exit code 0, and never by themselves",
          figures.bad_ends.empty(),
          first_of(figures.bad_ends)};
}

Check logs(const Figures& figures) {
  return {"logs",
          "every line that a worker writes is JSON",
          figures.bad_lines.empty(),
          first_of(figures.bad_lines)};
}

Check memory(const Figures& figures, const Tolerances& tolerances) {
  const double bound = figures.baseline.rss_mib * tolerances.rss_factor + tolerances.rss_mib;
  return {"memory",
          "worker 1 holds no more memory than in the warm-up",
          figures.end.rss_mib <= bound,
          fmt::format("{:.0f} MiB, was {:.0f} (bound {:.0f}); {:.0f} at most",
                      figures.end.rss_mib,
                      figures.baseline.rss_mib,
                      bound,
                      figures.rss_max_mib)};
}

Check same(std::string name, std::string promise, int is, int was, int may_differ) {
  return {std::move(name),
          std::move(promise),
          std::abs(is - was) <= may_differ,
          fmt::format("{}, was {}", is, was)};
}

Check bounded(const TableSize& table, const Tolerances& tolerances) {
  const std::int64_t bound = table.rows * tolerances.bytes_per_row + tolerances.table_bytes;
  return {table.name,
          "dead rows make room for new ones",
          table.bytes <= bound,
          fmt::format("{:.1f} MiB for {} rows (bound {:.1f}), {} dead",
                      static_cast<double>(table.bytes) / kMiB,
                      table.rows,
                      static_cast<double>(bound) / kMiB,
                      table.dead_rows)};
}

/// Four generations, and one of them may be about to be emptied.
Check rotated(const RotatingTable& table, const Figures& figures, const Tolerances& tolerances) {
  const Seconds late = table.period + tolerances.rotation_late;
  const auto expected = static_cast<std::int64_t>(figures.rotating / late);
  const Seconds oldest = kGenerations * table.period + tolerances.rotation_late;
  return {table.name,
          fmt::format("emptied every {:.0f} s; nothing is older than {:.0f} s",
                      table.period.count(),
                      oldest.count()),
          table.rotations >= expected && table.oldest_row <= oldest,
          fmt::format("{} rotations (at least {}), oldest of {} rows {:.0f} s, {:.0f} MiB at most",
                      table.rotations,
                      expected,
                      table.rows,
                      table.oldest_row.count(),
                      static_cast<double>(table.bytes_max) / kMiB)};
}

}  // namespace

std::vector<Check> judge(const Figures& figures, const Tolerances& tolerances) {
  std::vector<Check> checks{promises(figures),
                            reconciled(figures),
                            drained(figures, tolerances),
                            progress(figures, tolerances),
                            keeps_up(figures, tolerances),
                            ends(figures),
                            logs(figures),
                            memory(figures, tolerances)};
  const Footprint& was = figures.baseline;
  const Footprint& is = figures.end;
  checks.push_back(same("descriptors",
                        "worker 1 has as many open",
                        is.descriptors,
                        was.descriptors,
                        tolerances.descriptors));
  checks.push_back(
      same("threads", "worker 1 has as many", is.threads, was.threads, tolerances.threads));
  checks.push_back(same("connections",
                        "the database has as many of the workers",
                        is.connections,
                        was.connections,
                        0));
  for (const TableSize& table : figures.tables) checks.push_back(bounded(table, tolerances));
  for (const RotatingTable& table : figures.rotating_tables)
    checks.push_back(rotated(table, figures, tolerances));
  return checks;
}

bool all_hold(const std::vector<Check>& checks) {
  return std::ranges::all_of(checks, &Check::holds);
}

}  // namespace pawl::soak
