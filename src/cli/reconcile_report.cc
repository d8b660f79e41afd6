#include "pawl/cli/reconcile_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pawl/cli/numbers.h"
#include "pawl/cli/table.h"

namespace pawl::cli {
namespace {

std::string_view word(Verdict verdict, bool drained) {
  switch (verdict) {
    case Verdict::holds:
      return "ok";
    case Verdict::waiting:
      return drained ? "LEFT" : "waits";
    case Verdict::broken:
      return "BROKEN";
  }
  return "impossible";
}

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
      return "holds";
    case Verdict::waiting:
      return "waiting";
    case Verdict::broken:
      return "broken";
  }
  return "impossible";
}

std::optional<std::int64_t> lag(const LaneFigures& lane) {
  if (!lane.ends) return std::nullopt;
  return std::max<std::int64_t>(0, lane.ends->high - lane.next_offset);
}

LaneFigures total(const std::vector<LaneFigures>& lanes) {
  LaneFigures all;
  all.ends = LogEnds{};
  for (const LaneFigures& lane : lanes) {
    all.received += lane.received;
    all.completed += lane.completed;
    all.duplicate += lane.duplicate;
    all.rejected += lane.rejected;
    all.exhausted += lane.exhausted;
    all.undecodable += lane.undecodable;
    all.redriven_exhausted += lane.redriven_exhausted;
    all.redriven_undecodable += lane.redriven_undecodable;
    all.parked += lane.parked;
    all.ends->high += lag(lane).value_or(0);  // its next_offset stays 0
  }
  return all;
}

std::vector<std::string> row(std::string name,
                             const LaneFigures& lane,
                             bool with_lag,
                             bool with_offset) {
  std::vector<std::string> cells{std::move(name),
                                 grouped(lane.received),
                                 grouped(lane.completed),
                                 grouped(lane.duplicate),
                                 grouped(lane.rejected),
                                 grouped(lane.dead()),
                                 grouped(lane.parked),
                                 with_offset ? fmt::format("{}", lane.next_offset) : ""};
  if (with_lag) cells.push_back(lag(lane) ? grouped(*lag(lane)) : "?");
  return cells;
}

std::vector<std::string> lane_lines(const ReconcileFigures& figures) {
  Table table{
      {"lane", "received", "completed", "duplicate", "rejected", "dead", "parked", "next offset"}};
  if (figures.brokers_asked) table.add_column("lag");
  for (const LaneFigures& lane : figures.lanes) {
    table.add(row(fmt::format("{}/{}", lane.lane.topic, lane.lane.partition),
                  lane,
                  figures.brokers_asked,
                  true));
  }
  if (figures.lanes.size() > 1)
    table.add(row("all", total(figures.lanes), figures.brokers_asked, false));
  return table.lines();
}

std::string answer(const Reconciliation& reconciliation) {
  const auto count = [&](Verdict verdict) {
    return std::ranges::count(reconciliation.checks, verdict, &Check::verdict);
  };
  if (const auto broken = count(Verdict::broken); broken > 0) {
    return fmt::format(
        "NOT reconciled: checks broken: {} of {}", broken, reconciliation.checks.size());
  }
  const auto waiting = count(Verdict::waiting);
  if (waiting == 0)
    return fmt::format("reconciled: all {} checks hold", reconciliation.checks.size());
  return reconciliation.drained ? "NOT reconciled: work is left"
                                : "reconciled: nothing is lost, work is under way";
}

nlohmann::ordered_json as_json(const LaneFigures& lane) {
  nlohmann::ordered_json json{{"topic", lane.lane.topic},
                              {"partition", lane.lane.partition},
                              {"start_offset", lane.start_offset},
                              {"next_offset", lane.next_offset},
                              {"received", lane.received},
                              {"completed", lane.completed},
                              {"duplicate", lane.duplicate},
                              {"rejected", lane.rejected},
                              {"exhausted", lane.exhausted},
                              {"undecodable", lane.undecodable},
                              {"redriven", lane.redriven_exhausted + lane.redriven_undecodable},
                              {"parked", lane.parked}};
  if (lag(lane)) json["lag"] = *lag(lane);
  return json;
}

}  // namespace

std::vector<std::string> report_lines(const Reconciliation& reconciliation) {
  std::vector<std::string> lines = lane_lines(reconciliation.figures);
  lines.emplace_back();
  Table checks{{"", "", ""}};
  checks.left_aligned();
  for (const Check& check : reconciliation.checks) {
    checks.add(
        {std::string{word(check.verdict, reconciliation.drained)}, check.promise, check.found});
  }
  for (std::string& line : checks.lines_without_head()) lines.push_back(std::move(line));
  lines.emplace_back();
  lines.push_back(answer(reconciliation));
  return lines;
}

std::string report_json(const Reconciliation& reconciliation) {
  nlohmann::ordered_json json{{"consumer", reconciliation.figures.consumer},
                              {"holds", reconciliation.holds()}};
  json["checks"] = nlohmann::ordered_json::array();
  for (const Check& check : reconciliation.checks) {
    json["checks"].push_back({{"name", check.name},
                              {"promise", check.promise},
                              {"verdict", word(check.verdict)},
                              {"found", check.found}});
  }
  json["lanes"] = nlohmann::ordered_json::array();
  for (const LaneFigures& lane : reconciliation.figures.lanes)
    json["lanes"].push_back(as_json(lane));
  json["unpublished"] = reconciliation.figures.outbox.unpublished;
  return json.dump(2);
}

}  // namespace pawl::cli
