#include <fmt/format.h>

#include <algorithm>

#include "bench/checks.h"
#include "bench/report.h"
#include "bench/spread.h"

namespace pawl::bench {
namespace {

// Only what is not plain.
std::string workload_line(const Workload& workload) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    text += (text.empty() ? "workload: " : ", ") + part;
  };
  if (workload.hot_percent > 0) {
    add(fmt::format("{:g} % on {} accounts", workload.hot_percent, workload.hot_accounts));
  }
  if (workload.content != Workload{}.content) add(to_string(workload.content));
  if (workload.payload_bytes > 0) {
    add(fmt::format("payloads of {} bytes", workload.payload_bytes));
  }
  if (workload.closings) add("CloseMonth");
  if (workload.failing_every > 0) {
    add(fmt::format(
        "one in {} fails by {}", workload.failing_every, to_string(workload.failing_by)));
  }
  if (workload.held_keys > 0) {
    add(fmt::format("{} keys held, the others' commands counted", workload.held_keys));
  }
  if (workload.processes > 1) add(fmt::format("{} processes", workload.processes));
  return text.empty() ? text : text + "\n";
}

std::string conditions_lines(const Options& options, const Conditions& on) {
  return fmt::format(
      "pawl {}, PostgreSQL {}, Kafka {}, librdkafka {}; {} cores, {}; fdatasync {:.0f} µs\n"
      "{} commands ({:g} % duplicates), {} accounts, {} partitions, {} ids, in_flight {}, batch "
      "{}\n",
      on.pawl,
      on.postgres,
      on.kafka,
      on.librdkafka,
      on.cores,
      on.cpu,
      on.fdatasync_us,
      options.commands,
      options.duplicates_percent,
      options.accounts,
      options.partitions,
      to_string(options.ids),
      options.in_flight,
      options.batch);
}

std::string load_line(const Report& report) {
  std::string loads;
  for (const RunFigures& run : report.runs) loads += fmt::format(" {:.2f}", run.load_average);
  return "load average before each run:" + loads + "\n";
}

std::string what_does_not_hold(const std::vector<RunFigures>& runs, const std::string& of = "") {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const Check& check : runs[i].checks) {
      if (check.holds) continue;
      text += fmt::format(
          "DOES NOT COUNT: {}run {}: {} does not hold: {}\n", of, i + 1, check.name, check.found);
    }
  }
  return text;
}

std::string checks_lines(const std::string& what_does_not) {
  return what_does_not.empty() ? "all checks hold\n" : what_does_not;
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text =
      conditions_lines(report.options, report.conditions) + workload_line(report.options.workload);
  text +=
      fmt::format("\n{:<30}  {:>10}  {:>10} – {}\n",
                  fmt::format("{} run{}", report.runs.size(), report.runs.size() == 1 ? "" : "s"),
                  "median",
                  "min",
                  "max");
  for (const Figure& figure : figures_to_report(measured(report.options))) {
    const Spread spread = spread_of(figure, report.runs);
    text += fmt::format("{:<30}  {:>10.{}f}  {:>10.{}f} – {:.{}f}\n",
                        figure.label,
                        spread.median,
                        figure.decimals,
                        spread.min,
                        figure.decimals,
                        spread.max,
                        figure.decimals);
  }
  text += "\n" + load_line(report) + checks_lines(what_does_not_hold(report.runs));
  if (!report.runs.back().statements.empty()) text += "\n" + report.runs.back().statements;
  return text;
}

std::string as_text(const SweepReport& report) {
  std::string text = conditions_lines(report.options, report.conditions);
  std::string wrong;
  text += fmt::format("\n{:<12} {:>6}  {:>10}  {:>10} – {:<10} µs CPU a command\n",
                      "varied",
                      "",
                      "commands/s",
                      "min",
                      "max");
  for (const SweepSeries& series : report.series) {
    for (const SweepPoint& point : series.points) {
      const auto figures = figures_to_report({});
      const auto of = [&](const char* name) {
        return spread_of(*std::ranges::find(figures, std::string{name}, &Figure::name), point.runs);
      };
      const Spread rate = of("commands_per_second");
      text += fmt::format("{:<12} {:>6}  {:>10.0f}  {:>10.0f} – {:<10.0f} {:>8.1f}\n",
                          series.name,
                          point.value,
                          rate.median,
                          rate.min,
                          rate.max,
                          of("total").median);
      wrong += what_does_not_hold(point.runs, fmt::format("{} {}: ", series.name, point.value));
    }
  }
  return text + "\n" + checks_lines(wrong);
}

}  // namespace pawl::bench
