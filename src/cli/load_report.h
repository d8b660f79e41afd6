// What `pawl load` says while and after it runs. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "command_publisher/load_run.h"

namespace pawl::cli {

/// A bar where an end is known, figures where not. Fits into `columns`.
[[nodiscard]] std::string progress_line(const command_publisher::LoadProgress& progress,
                                        const command_publisher::LoadPlan& plan,
                                        int columns);

struct LoadSummary {
  command_publisher::LoadProgress sent;
  std::uint64_t acknowledged = 0;
  std::uint64_t failed = 0;
  std::uint64_t seed = 0;
  std::string topic;
};

[[nodiscard]] std::string summary_text(const LoadSummary& summary);
[[nodiscard]] std::string summary_json(const LoadSummary& summary);

}  // namespace pawl::cli
