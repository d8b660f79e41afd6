#include "pawl/cli/load_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "pawl/cli/numbers.h"

namespace pawl::cli {
namespace {

using command_publisher::Kind;
using command_publisher::kKinds;
using command_publisher::LoadPlan;
using command_publisher::LoadProgress;

std::int64_t per_second(const LoadProgress& progress) {
  const double seconds = progress.elapsed.count();
  return seconds > 0 ? static_cast<std::int64_t>(static_cast<double>(progress.sent.all()) / seconds)
                     : 0;
}

// How much is done, 0…1, by whichever limit is nearer.
std::optional<double> done(const LoadProgress& progress, const LoadPlan& plan) {
  std::optional<double> part;
  if (plan.count > 0)
    part = static_cast<double>(progress.commands) / static_cast<double>(plan.count);
  if (plan.duration.count() > 0) {
    const double time = progress.elapsed / std::chrono::duration<double>(plan.duration);
    part = std::max(part.value_or(0), time);
  }
  return part ? std::optional(std::min(*part, 1.0)) : std::nullopt;
}

}  // namespace

std::string progress_line(const LoadProgress& progress, const LoadPlan& plan, int columns) {
  constexpr int kBarMax = 40;
  const std::string figures = fmt::format("{} records  {}/s  {}",
                                          grouped(static_cast<std::int64_t>(progress.sent.all())),
                                          grouped(per_second(progress)),
                                          readable(progress.elapsed));
  const auto part = done(progress, plan);
  if (!part) return figures;
  const std::string percent = fmt::format("{:3.0f}%  ", *part * 100);
  const int width =
      std::clamp(columns - static_cast<int>(figures.size() + percent.size()) - 4, 0, kBarMax);
  if (width < 5) return percent + figures;
  const auto full = static_cast<int>(*part * width);
  return fmt::format(
      "[{}{}] {}{}", std::string(full, '#'), std::string(width - full, '.'), percent, figures);
}

std::string summary_text(const LoadSummary& summary) {
  std::string kinds;
  for (const Kind kind : kKinds) {
    const std::uint64_t count = summary.sent.sent.of(kind);
    if (count > 0)
      kinds += fmt::format("{}{} {}",
                           kinds.empty() ? "" : ", ",
                           to_string(kind),
                           grouped(static_cast<std::int64_t>(count)));
  }
  std::string answer = "all acknowledged";
  if (summary.acknowledged != summary.sent.sent.all()) {
    answer = fmt::format("{} acknowledged, {} failed",
                         grouped(static_cast<std::int64_t>(summary.acknowledged)),
                         grouped(static_cast<std::int64_t>(summary.failed)));
  }
  return fmt::format("sent {} records to {} in {} ({}/s), {}; seed {}\n{}",
                     grouped(static_cast<std::int64_t>(summary.sent.sent.all())),
                     summary.topic,
                     readable(summary.sent.elapsed),
                     grouped(per_second(summary.sent)),
                     answer,
                     summary.seed,
                     kinds.empty() ? "nothing" : kinds);
}

std::string summary_json(const LoadSummary& summary) {
  nlohmann::ordered_json json{{"topic", summary.topic},
                              {"sent", summary.sent.sent.all()},
                              {"acknowledged", summary.acknowledged},
                              {"failed", summary.failed},
                              {"seconds", summary.sent.elapsed.count()},
                              {"per_second", per_second(summary.sent)},
                              {"seed", summary.seed}};
  for (const Kind kind : kKinds)
    json["by_kind"][std::string{to_string(kind)}] = summary.sent.sent.of(kind);
  return json.dump(2) + "\n";
}

}  // namespace pawl::cli
