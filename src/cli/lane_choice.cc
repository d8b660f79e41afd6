#include "pawl/cli/lane_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "pawl/cli/invocation.h"

namespace pawl::cli {
namespace {

const postgres::Statement kLanes{"", R"(
SELECT topic, partition FROM pawl.consumer_position
WHERE consumer = $1 AND (topic = $2 OR $2 = '') ORDER BY topic, partition)"};

std::string names_of(const std::vector<TopicPartition>& lanes) {
  std::vector<std::string> names;
  for (const TopicPartition& lane : lanes)
    names.push_back(fmt::format("{}/{}", lane.topic, lane.partition));
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

void add_lane_choice(CLI::App& command, LaneChoice& choice) {
  command.add_option("--partition", choice.partition, "Of the consumer's topic")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--topic", choice.topic, "Where the consumer has read several")
      ->type_name("NAME");
}

std::optional<TopicPartition> chosen_lane(postgres::Connection& connection,
                                          std::int16_t consumer,
                                          const std::string& name,
                                          const LaneChoice& choice,
                                          const std::string& program) {
  if (!choice.partition) {
    if (choice.topic.empty()) return std::nullopt;
    throw Complaint(ExitCode::usage, program + ": --topic needs --partition");
  }
  postgres::Parameters parameters;
  parameters.add(consumer);
  parameters.add(std::string_view(choice.topic));
  const postgres::Result rows = connection.execute(kLanes, parameters);
  std::vector<TopicPartition> all, meant;
  for (int row = 0; row < rows.rows(); ++row) {
    all.push_back(
        {std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))});
    if (all.back().partition == *choice.partition) meant.push_back(all.back());
  }
  if (meant.size() == 1) return meant.front();
  if (meant.empty()) {
    throw Complaint(ExitCode::failed,
                    fmt::format("{}: {} has no position in partition {}; it has: {}",
                                program,
                                name,
                                *choice.partition,
                                names_of(all)));
  }
  throw Complaint(ExitCode::usage,
                  fmt::format("{}: which one? Say --topic: {}", program, names_of(meant)));
}

}  // namespace pawl::cli
