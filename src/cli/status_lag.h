// How far lanes are behind the ends of their partitions, as the broker knows it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/settings.h"

namespace pawl::cli {

struct LaneLag {
  std::int64_t end = 0;      // of the partition
  std::int64_t records = 0;  // behind it; offsets without a record count
  std::optional<std::chrono::duration<double>>
      age;  // of the first unread record, if it can be known
};
using Lags = std::map<TopicPartition, LaneLag>;

/// Lanes as they stood at one moment.
struct Standing {
  std::map<TopicPartition, std::int64_t> next_offsets;
  WallTime at;
};

/// Of that moment, if `admin` is connected already: ends are those of now. A partition that the
/// broker does not have is left out. Reads the first record of each lane that is behind. Takes some
/// seconds at most; throws Failure when no broker answers.
[[nodiscard]] Lags ask_lags(kafka::Admin& admin,
                            const kafka::KafkaSettings& settings,
                            const Standing& standing,
                            const Clock& clock);

}  // namespace pawl::cli
