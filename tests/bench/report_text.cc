#include <fmt/format.h>

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
  if (workload.failing_every > 0) add(fmt::format("one in {} fails", workload.failing_every));
  if (workload.processes > 1) add(fmt::format("{} processes", workload.processes));
  return text.empty() ? text : text + "\n";
}

std::string conditions_lines(const Report& report) {
  const Options& options = report.options;
  const Conditions& on = report.conditions;
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

std::string checks_lines(const Report& report) {
  std::string text;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    for (const Check& check : report.runs[i].checks) {
      if (check.holds) continue;
      text += fmt::format(
          "DOES NOT COUNT: run {}: {} does not hold: {}\n", i + 1, check.name, check.found);
    }
  }
  return text.empty() ? "all checks hold\n" : text;
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text = conditions_lines(report) + workload_line(report.options.workload);
  text +=
      fmt::format("\n{:<28}  {:>10}  {:>10} – {}\n",
                  fmt::format("{} run{}", report.runs.size(), report.runs.size() == 1 ? "" : "s"),
                  "median",
                  "min",
                  "max");
  for (const Figure& figure : figures_to_report(measured(report.options))) {
    const Spread spread = spread_of(figure, report.runs);
    text += fmt::format("{:<28}  {:>10.{}f}  {:>10.{}f} – {:.{}f}\n",
                        figure.label,
                        spread.median,
                        figure.decimals,
                        spread.min,
                        figure.decimals,
                        spread.max,
                        figure.decimals);
  }
  text += "\n" + load_line(report) + checks_lines(report);
  if (!report.runs.back().statements.empty()) text += "\n" + report.runs.back().statements;
  return text;
}

}  // namespace pawl::bench
