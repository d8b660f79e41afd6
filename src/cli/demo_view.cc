#include "pawl/cli/demo_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "pawl/cli/numbers.h"

namespace pawl::cli {
namespace {

using Seconds = DemoSample::Seconds;

std::string_view word(DemoPhase phase) {
  switch (phase) {
    case DemoPhase::starting:
      return "starting";
    case DemoPhase::joining:
      return "the consumer joins its group";
    case DemoPhase::opening:
      return "opening accounts";
    case DemoPhase::running:
      return "running";
    case DemoPhase::draining:
      return "draining: no new commands, everything is ended and published";
  }
  return "impossible";
}

std::string or_dash(const std::optional<Seconds>& time) {
  return time ? readable(*time) : "-";
}

std::string oldest(const std::optional<Seconds>& age) {
  return age && age->count() > 0 ? fmt::format("the oldest for {}", readable(*age)) : "";
}

std::string clock(const DemoSample& sample, const DemoFacts& facts) {
  if (sample.phase != DemoPhase::running) return std::string{word(sample.phase)};
  if (facts.seconds.count() <= 0) return fmt::format("running  {:.0f} s", sample.elapsed.count());
  return fmt::format(
      "running  {:.0f} s of {:.0f} s", sample.elapsed.count(), facts.seconds.count());
}

// Eighths of a line's height, the highest rate being the full one.
std::string chart(const std::vector<double>& rates) {
  constexpr std::array<std::string_view, 8> kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::size_t kColumns = 40;
  const auto first = rates.end() - static_cast<std::ptrdiff_t>(std::min(rates.size(), kColumns));
  const double highest = first == rates.end() ? 0 : *std::max_element(first, rates.end());
  std::string text;
  for (auto rate = first; rate != rates.end(); ++rate) {
    const double height = highest > 0 ? *rate / highest : 0;
    text += kBars.at(std::min<std::size_t>(7, static_cast<std::size_t>(std::max(0.0, height * 8))));
  }
  return text;
}

std::string row(std::string_view name, std::string_view value, std::string_view remark) {
  return fmt::format("  {:<20}{:>13}   {}", name, value, remark);
}

std::string ending(std::string_view name,
                   std::int64_t count,
                   std::int64_t received,
                   std::string_view remark) {
  const double share =
      received > 0 ? 100.0 * static_cast<double>(count) / static_cast<double>(received) : 0;
  return fmt::format("    {:<18}{:>13}   {:5.1f} %  {}", name, grouped(count), share, remark);
}

}  // namespace

std::vector<std::string> demo_lines(const DemoSample& sample,
                                    const DemoFacts& facts,
                                    const std::vector<double>& rates,
                                    const std::vector<std::string>& messages) {
  std::vector<std::string> lines{
      fmt::format("\x1b[1mpawl demo\x1b[0m  {}", clock(sample, facts)),
      fmt::format("  {0} -> ledger -> {1} -> relay -> {0}", facts.kafka, facts.database),
      "",
      row("commands/s", grouped(static_cast<std::int64_t>(sample.per_second)), chart(rates)),
      row("received", grouped(sample.received), fmt::format("of {} sent", grouped(sample.sent))),
      ending("completed", sample.completed, sample.received, ""),
      ending("duplicate", sample.duplicate, sample.received, "ended before: nothing is done twice"),
      ending("rejected", sample.rejected, sample.received, "the business said no"),
      ending("dead",
             sample.dead,
             sample.received,
             "no command: kept, and sent to the dead-letter topic"),
      ending("parked", sample.parked, sample.received, "waiting for a retry"),
      row("waiting", grouped(sample.waiting), oldest(sample.oldest_waiting)),
      row("end to end",
          fmt::format("p50 {}", or_dash(sample.p50)),
          fmt::format("p99 {}   command produced -> event acknowledged", or_dash(sample.p99))),
      row("events published",
          grouped(sample.published),
          fmt::format(
              "{} in the outbox  {}", grouped(sample.outbox_rows), oldest(sample.outbox_age))),
      "",
      "  Ctrl-C: drain and reconcile; twice: stop at once",
  };
  for (const std::string& message : messages) lines.push_back("  ! " + message);
  return lines;
}

std::string demo_line(const DemoSample& sample) {
  return fmt::format(
      "{:5.1f} s  {}  {}/s  received {}  completed {}  duplicate {}  rejected {}  dead {}  parked "
      "{}  waiting {} "
      "(oldest {})  p50 {}  p99 {}  outbox {} (oldest {})",
      sample.elapsed.count(),
      sample.phase == DemoPhase::draining ? "draining" : word(sample.phase),
      grouped(static_cast<std::int64_t>(sample.per_second)),
      grouped(sample.received),
      grouped(sample.completed),
      grouped(sample.duplicate),
      grouped(sample.rejected),
      grouped(sample.dead),
      grouped(sample.parked),
      grouped(sample.waiting),
      or_dash(sample.oldest_waiting),
      or_dash(sample.p50),
      or_dash(sample.p99),
      grouped(sample.outbox_rows),
      or_dash(sample.outbox_age));
}

}  // namespace pawl::cli
