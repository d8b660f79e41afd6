#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/report.h"
#include "bench/spread.h"

namespace pawl::bench {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

template <class Value>
void put(Json& into, const Figure& figure, const Value& value) {
  const std::string group = figure.group;
  (group.empty() ? into : into[group])[figure.name] = value;
}

Json checks_of(const std::vector<RunFigures>& runs) {
  Json checks = Json::object();
  for (const RunFigures& run : runs) {
    for (const Check& check : run.checks) {
      checks[check.name] = check.holds && checks.value(check.name, true);
    }
  }
  return checks;
}

Json conditions_of(const Options& options, const Conditions& on) {
  return {{"cores", on.cores},
          {"cpu", on.cpu},
          {"commands", options.commands},
          {"accounts", options.accounts},
          {"partitions", options.partitions},
          {"ids", to_string(options.ids)},
          {"duplicates_percent", options.duplicates_percent},
          {"hot_percent", options.workload.hot_percent},
          {"hot_accounts", options.workload.hot_accounts},
          {"content", to_string(options.workload.content)},
          {"payload_bytes", options.workload.payload_bytes},
          {"closings", options.workload.closings},
          {"failing_every", options.workload.failing_every},
          {"failing_by", to_string(options.workload.failing_by)},
          {"held_keys", options.workload.held_keys},
          {"processes", options.workload.processes},
          {"in_flight", options.in_flight},
          {"batch", options.batch},
          {"runs", options.runs},
          {"latency_seconds", options.latency ? options.latency_seconds : 0},
          {"versions",
           {{"pawl", on.pawl},
            {"kafka", on.kafka},
            {"postgresql", on.postgres},
            {"librdkafka", on.librdkafka},
            {"libpq", on.libpq}}}};
}

Json run_of(const RunFigures& run, const std::vector<Figure>& figures) {
  Json json;
  for (const Figure& figure : figures) put(json, figure, rounded(figure.of(run)));
  json["load_average"] = run.load_average;
  for (const Check& check : run.checks) {
    json["checks"][check.name] = {{"holds", check.holds}, {"found", check.found}};
  }
  return json;
}

// Medians, each under its name, and beside them how far the runs lie apart.
Json medians_of(const std::vector<RunFigures>& runs, const std::vector<Figure>& figures) {
  Json json;
  Json spread;
  for (const Figure& figure : figures) {
    const Spread values = spread_of(figure, runs);
    put(json, figure, rounded(values.median));
    put(spread, figure, Json{{"min", rounded(values.min)}, {"max", rounded(values.max)}});
  }
  json["checks"] = checks_of(runs);
  json["spread"] = std::move(spread);
  return json;
}

}  // namespace

std::string as_json(const Report& report) {
  const auto figures = figures_to_report(measured(report.options));
  Json json = medians_of(report.runs, figures);
  json["fdatasync_us"] = rounded(report.conditions.fdatasync_us);
  json["conditions"] = conditions_of(report.options, report.conditions);
  for (const RunFigures& run : report.runs) json["runs"].push_back(run_of(run, figures));
  return json.dump(2) + "\n";
}

std::string as_json(const SweepReport& report) {
  Json json;
  for (const SweepSeries& series : report.series) {
    for (const SweepPoint& point : series.points) {
      Json figures{{series.name, point.value}, {"commands", point.options.commands}};
      figures.update(medians_of(point.runs, figures_to_report(measured(point.options))));
      json["sweep"][series.name].push_back(std::move(figures));
    }
  }
  json["fdatasync_us"] = rounded(report.conditions.fdatasync_us);
  json["conditions"] = conditions_of(report.options, report.conditions);
  return json.dump(2) + "\n";
}

}  // namespace pawl::bench
