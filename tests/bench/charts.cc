#include "bench/charts.h"

#include <fmt/format.h>

#include "bench/chart/colors.h"
#include "bench/chart/columns.h"
#include "bench/chart/rows.h"
#include "bench/chart/scale.h"

namespace pawl::bench {
namespace {

constexpr int kWidth = 860;
constexpr double kMargin = 28;

struct Headings {
  std::string title, subtitle;
};

void draw_headings(Svg& svg, const Headings& headings) {
  svg.text(kMargin, 40, headings.title, {.size = 19, .color = kInk, .bold = true});
  svg.text(kMargin, 62, headings.subtitle, {.size = 13, .color = kMuted});
}

std::string machine_line(const Conditions& on) {
  return fmt::format(
      "{} cores ({}) for worker, broker and database together; Kafka {}, PostgreSQL {}; fdatasync "
      "{:.0f} µs",
      on.cores,
      on.cpu,
      on.kafka,
      on.postgres.substr(0, on.postgres.find(' ')),
      on.fdatasync_us);
}

std::string load_line(const Options& options, const std::string& runs) {
  return fmt::format("{} accounts, {} partitions, {} ids, {:g} % duplicates; {}",
                     grouped(static_cast<double>(options.accounts)),
                     options.partitions,
                     options.ids == command_publisher::IdKind::v7 ? "UUIDv7" : "random",
                     options.duplicates_percent,
                     runs);
}

void draw_conditions(Svg& svg, double bottom, const std::string& machine, const std::string& load) {
  svg.text(kMargin, bottom - 34, machine, {.size = 11, .color = kMuted});
  svg.text(kMargin, bottom - 18, load, {.size = 11, .color = kMuted});
}

double median(const Report& report, double (*of)(const RunFigures&)) {
  std::vector<double> values;
  for (const RunFigures& run : report.runs) values.push_back(of(run));
  return spread_of(std::move(values)).median;
}

std::vector<Row> rate_rows(const Report& report) {
  const auto row = [&](const char* label, std::string_view color, double (*of)(const RunFigures&)) {
    const double rate = median(report, of);
    return Row{label, {{rate, color, ""}}, grouped(rate)};
  };
  using R = RunFigures;
  return {
      row("Pawl, end to end", kStrong, [](const R& r) { return r.throughput.commands_per_second; }),
      row("floor: both at once",
          kSoft,
          [](const R& r) { return r.floor->both.commands_per_second; }),
      row("its SQL alone", kSoft, [](const R& r) { return r.floor->sql.commands_per_second; }),
      row("its records alone", kSoft, [](const R& r) {
        return r.floor->broker.commands_per_second;
      })};
}

Row cpu_row(const char* label, double client, double postgres, double broker) {
  const auto part = [](double us, std::string_view color) {
    return RowPart{us, color, fmt::format("{:.1f}", us)};
  };
  return {label,
          {part(client, kWorker), part(postgres, kPostgres), part(broker, kBroker)},
          fmt::format("{:.1f}", client + postgres + broker)};
}

std::vector<Row> cpu_rows(const Report& report) {
  using R = RunFigures;
  return {cpu_row("Pawl",
                  median(report, [](const R& r) { return r.throughput.worker_us; }),
                  median(report, [](const R& r) { return r.throughput.postgres_us; }),
                  median(report, [](const R& r) { return r.throughput.broker_us; })),
          cpu_row("floor",
                  median(report, [](const R& r) { return r.floor->both.client_us; }),
                  median(report, [](const R& r) { return r.floor->both.postgres_us; }),
                  median(report, [](const R& r) { return r.floor->both.broker_us; }))};
}

Column column_of(const SweepPoint& point) {
  std::vector<double> rates;
  for (const RunFigures& run : point.runs) rates.push_back(run.throughput.commands_per_second);
  const Spread spread = spread_of(std::move(rates));
  return {grouped(static_cast<double>(point.value)),
          spread.median,
          spread.min,
          spread.max,
          point.usual};
}

std::string runs_text(int runs) {
  return runs == 1 ? "one run" : fmt::format("median and range of {} runs", runs);
}

}  // namespace

std::string floor_chart(const Report& report) {
  constexpr int kHeight = 400;
  const double ratio = median(report, [](const RunFigures& r) {
    return r.throughput.commands_per_second / r.floor->both.commands_per_second;
  });
  const Headings headings{fmt::format("{:.0f} % of what the machine can do at all", ratio * 100),
                          "The floor is the same batches' SQL and the same records, by a client "
                          "that does nothing else"};
  Svg svg{kWidth, kHeight, headings.title + ". " + headings.subtitle};
  draw_headings(svg, headings);
  svg.text(kMargin, 98, "commands/s", {.size = 13, .bold = true});
  draw_rows(svg, {kMargin, 108, kWidth - 2 * kMargin, 112}, rate_rows(report), 132);
  svg.text(kMargin, 252, "µs CPU a command", {.size = 13, .bold = true});
  draw_legend(svg,
              kMargin + 172,
              252,
              {{kWorker, "worker or client"}, {kPostgres, "PostgreSQL"}, {kBroker, "Kafka"}});
  draw_rows(svg, {kMargin, 262, kWidth - 2 * kMargin, 64}, cpu_rows(report), 132);
  const std::string runs = fmt::format("{} in flight, batches of up to {}; {} commands a run, {}",
                                       report.options.in_flight,
                                       grouped(static_cast<double>(report.options.batch)),
                                       grouped(static_cast<double>(report.options.commands)),
                                       runs_text(report.options.runs));
  draw_conditions(svg, kHeight, machine_line(report.conditions), load_line(report.options, runs));
  return svg.file();
}

std::string sweep_chart(const SweepReport& report) {
  constexpr int kHeight = 420;
  const Headings headings{"Commands per second, one setting varied at a time",
                          "From Kafka through PostgreSQL back to Kafka, everything durable; dark: "
                          "what the others keep"};
  Svg svg{kWidth, kHeight, headings.title + ". " + headings.subtitle};
  draw_headings(svg, headings);
  std::vector<ColumnGroup> groups;
  for (const SweepSeries& series : report.series) {
    ColumnGroup& group = groups.emplace_back(series.title);
    for (const SweepPoint& point : series.points) group.columns.push_back(column_of(point));
  }
  draw_columns(svg, {kMargin, 96, kWidth - 2 * kMargin, 258}, groups, "commands/s");
  const std::string runs = fmt::format("up to {} commands a run, {}",
                                       grouped(static_cast<double>(report.options.commands)),
                                       runs_text(report.options.runs));
  draw_conditions(svg, kHeight, machine_line(report.conditions), load_line(report.options, runs));
  return svg.file();
}

}  // namespace pawl::bench
