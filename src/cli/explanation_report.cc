#include "pawl/cli/explanation_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

#include "pawl/cli/numbers.h"
#include "pawl/cli/table.h"
#include "pawl/engine/settings.h"

namespace pawl::cli {
namespace {

using nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr std::size_t kRowsMax = 12;

/// Attempts that have one row.
using Run = std::span<const RetryStep>;

std::string_view consequence(OnFailure on_failure) {
  switch (on_failure) {
    case OnFailure::park_key:
      return "later commands of its key wait behind it, all others go on";
    case OnFailure::block_lane:
      return "its whole partition waits";
    case OnFailure::skip_order:
      return "it waits alone, later commands of its key overtake it";
    case OnFailure::dead_letter:
      return "nothing waits, its first failure makes it a dead letter";
  }
  return "impossible";
}

// The first attempt alone, then runs of equal waits.
std::vector<Run> runs_of(Run path) {
  std::vector<Run> runs{path.first(1)};
  for (std::size_t begin = 1; begin < path.size();) {
    std::size_t end = begin + 1;
    while (end < path.size() && path[end].wait_max == path[begin].wait_max) ++end;
    runs.push_back(path.subspan(begin, end - begin));
    begin = end;
  }
  if (runs.size() > kRowsMax) {
    const Run& last = runs[kRowsMax - 1];
    runs[kRowsMax - 1] = {last.begin(), path.end()};
    runs.resize(kRowsMax);
  }
  return runs;
}

std::string wait_of(const Run& run) {
  const milliseconds shortest = run.front().wait_max;
  const milliseconds longest = run.back().wait_max;
  if (run.front().attempt == 1) return "-";
  if (longest.count() == 0) return "at once";
  const std::string upper_end = "0 to " + readable(shortest);
  if (shortest != longest) return fmt::format("{}, growing to {}", upper_end, readable(longest));
  return run.size() == 1 ? upper_end : upper_end + " each";
}

std::vector<std::string> table_of(const std::vector<RetryStep>& path) {
  Table table{{"attempt", "wait before it", "earliest", "on average", "latest"}};
  for (const Run& run : runs_of(path)) {
    const RetryStep& last = run.back();
    table.add({run.size() == 1 ? fmt::to_string(last.attempt)
                               : fmt::format("{} to {}", run.front().attempt, last.attempt),
               wait_of(run),
               readable(last.earliest),
               last.average ? readable(*last.average) : "-",
               readable(last.latest)});
  }
  return table.lines();
}

struct AverageEnd {
  int attempts;
  milliseconds at;
};

AverageEnd average_end(const std::vector<RetryStep>& path) {
  AverageEnd end{1, {}};
  for (const RetryStep& step : path) {
    if (step.average) end = {step.attempt, *step.average};
  }
  return end;
}

std::string end_of(const Explanation& e) {
  std::string text = fmt::format("dead letter when attempt {} fails", e.policy.attempts_max);
  text += fmt::format(", or one that is made {} after the first failure or later",
                      readable(e.policy.age_max));
  if (e.path.empty()) return text;
  const AverageEnd average = average_end(e.path);
  return text + fmt::format(": after {} on average ({} attempts), {} at most",
                            readable(average.at),
                            average.attempts,
                            readable(e.path.back().latest));
}

std::string policy_of(const Explanation& e) {
  std::string text = fmt::format("[{}]", e.section);
  if (e.changed.empty()) text += ", all as by default";
  for (const std::string& setting : e.changed) text += ", " + setting;
  return text;
}

void add_retries(Table& facts, const Explanation& e) {
  facts.add({"policy", policy_of(e)});
  if (e.path.empty()) facts.add({"waits", "as long as the handler asks for each time"});
  facts.add({"ends", end_of(e)});
  facts.add(
      {"not counted",
       "database away or full (08…, 57P…, 53…), deadlocks and the like (40001, 40P01, 55P03), "
       "a stop of the consumer"});
}

bool may_pass(const Explanation& e) {
  return !e.meaning.failure_class.empty() && e.meaning.failure_class != "undecodable" &&
         e.meaning.failure_class != kCrashedClass;
}

std::string on_failure_of(const Explanation& e) {
  return fmt::format("{} ({}): {}",
                     to_string(e.on_failure.value),
                     e.on_failure.origin,
                     consequence(e.on_failure.value));
}

std::string parked_at_most(const Explanation& e) {
  return fmt::format("up to {} commands of one key, {} of one partition; then the partition waits",
                     grouped(e.parking.per_key_max),
                     grouped(e.parking.per_lane_max));
}

void add_course(Table& facts, const Explanation& e) {
  switch (e.meaning.course) {
    case Course::retried:
      if (e.on_failure.value == OnFailure::park_key) facts.add({"parked", parked_at_most(e)});
      return add_retries(facts, e);
    case Course::dead_letter:
      return facts.add({"ends", "dead letter at once, nothing is tried again"});
    case Course::rejected:
      return facts.add({"ends", "rejected; never tried again, and no dead letter"});
    case Course::rerun:
      return facts.add({"ends", "when it passes; no attempt is counted"});
    case Course::paused:
      return facts.add(
          {"ends",
           fmt::format("when it passes; looked for after {} to {}, no attempt is counted",
                       readable(engine::EngineSettings{}.probing.delay_min),
                       readable(engine::EngineSettings{}.probing.delay_max))});
  }
}

std::string what_then(const Explanation& e) {
  const std::string whose =
      may_pass(e) ? " --type " + e.type : "";  // what is no command has no type
  return fmt::format("pawl dead groups{}; pawl dead list, show, redrive, discard", whose);
}

ordered_json step_json(const RetryStep& step) {
  ordered_json json;
  json["attempt"] = step.attempt;
  json["wait_max_ms"] = step.wait_max.count();
  json["earliest_ms"] = step.earliest.count();
  json["average_ms"] = step.average ? ordered_json(step.average->count()) : ordered_json(nullptr);
  json["latest_ms"] = step.latest.count();
  return json;
}

ordered_json policy_json(const Explanation& e) {
  ordered_json json;
  json["section"] = e.section;
  if (!e.path.empty()) {
    json["immediate"] = e.policy.immediate;
    json["delay_min_ms"] = e.policy.backoff.delay_min.count();
    json["delay_max_ms"] = e.policy.backoff.delay_max.count();
    json["delay_factor"] = e.policy.backoff.factor;
  }
  json["attempts_max"] = e.policy.attempts_max;
  json["age_max_ms"] = e.policy.age_max.count();
  json["changed"] = e.changed;
  return json;
}

}  // namespace

std::vector<std::string> explanation_lines(const Explanation& e) {
  Table facts{{"type", e.type + (e.style == HandlerStyle::unknown ? " (not known here)" : "")}};
  facts.left_aligned();
  facts.add({"error", fmt::format("{}: {}", e.error, e.meaning.what)});
  if (!e.meaning.failure_class.empty()) facts.add({"class", std::string(e.meaning.failure_class)});
  if (may_pass(e)) facts.add({"on failure", on_failure_of(e)});
  add_course(facts, e);
  if (!e.meaning.failure_class.empty()) facts.add({"then", what_then(e)});
  std::vector<std::string> lines = facts.lines();
  if (!e.path.empty()) {
    lines.emplace_back();
    for (std::string& line : table_of(e.path)) lines.push_back(std::move(line));
    lines.emplace_back(
        "Times since the first failure, as if attempts took none; of rows with several, the last "
        "one's.");
  }
  if (e.style == HandlerStyle::unknown) {
    lines.emplace_back();
    lines.emplace_back(
        "This program does not know the type: what its consumer registers in code is not seen "
        "here, only configuration and defaults.");
  }
  return lines;
}

std::string explanation_json(const Explanation& e) {
  ordered_json json;
  json["type"] = e.type;
  json["known_type"] = e.style != HandlerStyle::unknown;
  json["error"] = e.error;
  json["what"] = e.meaning.what;
  json["class"] = e.meaning.failure_class.empty() ? ordered_json(nullptr)
                                                  : ordered_json(e.meaning.failure_class);
  json["course"] = to_string(e.meaning.course);
  json["on_failure"] = {{"is", to_string(e.on_failure.value)}, {"from", e.on_failure.origin}};
  json["policy"] = e.section.empty() ? ordered_json(nullptr) : policy_json(e);
  json["attempts"] = ordered_json::array();
  for (const RetryStep& step : e.path) json["attempts"].push_back(step_json(step));
  return json.dump(2);
}

}  // namespace pawl::cli
