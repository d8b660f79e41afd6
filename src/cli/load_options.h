// The options of `pawl load`, and what they mean.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "command_publisher/load_run.h"
#include "command_publisher/load_shape.h"
#include "pawl/cli/config_options.h"

namespace pawl::cli {

struct LoadOptions {
  std::shared_ptr<ConfigOptions> config;
  std::string topic;
  std::string rate;
  std::string count;
  double seconds = 0;
  std::int64_t accounts = 1000;
  std::int64_t first_account = 1;
  bool no_open = false;
  std::string skew;
  std::string captures = "5%";
  std::string closings = "0%";
  std::string duplicates = "0%";
  std::string rejections = "0%";
  std::string garbage = "0%";
  bool json = false;
  bool protobuf = false;
  std::string ids = "v7";
  std::optional<std::uint64_t> seed;
  std::string payload_bytes = "0";
  std::string summary_json;
};

void add_load_options(CLI::App& command, LoadOptions& options);

/// "1.1": Zipf exponent; "50%:10": so much of the load on so many accounts. Empty for anything
/// else.
[[nodiscard]] std::optional<command_publisher::Skew> parse_skew(std::string_view text);

/// Throws Complaint(usage).
[[nodiscard]] command_publisher::LoadShape shape_of(const LoadOptions& options);
[[nodiscard]] command_publisher::LoadPlan plan_of(const LoadOptions& options);

}  // namespace pawl::cli
