// Which partition of a consumer is meant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pawl/core/record.h"
#include "pawl/postgres/connection.h"

namespace CLI {
class App;
}

namespace pawl::cli {

struct LaneChoice {
  std::optional<std::int32_t> partition;
  std::string topic;  // only where the consumer has read several
};

/// Adds --partition and --topic.
void add_lane_choice(CLI::App& command, LaneChoice& choice);

/// Empty when no partition was given. `program` ("pawl pause") and `name` are for messages. Throws
/// Complaint when the consumer has no such partition, or several.
[[nodiscard]] std::optional<TopicPartition> chosen_lane(postgres::Connection& connection,
                                                        std::int16_t consumer,
                                                        const std::string& name,
                                                        const LaneChoice& choice,
                                                        const std::string& program);

}  // namespace pawl::cli
