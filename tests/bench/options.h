// What to measure, from the command line.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>

#include "command_publisher/load_shape.h"
#include "pawl/config/settings.h"

namespace pawl::bench {

struct Options {
  std::uint64_t commands = 300'000;
  std::int64_t accounts = 10'000;
  int partitions = 8;
  command_publisher::IdKind ids = command_publisher::IdKind::v7;
  double duplicates_percent = 1;
  int in_flight = config::Settings{}.engine.in_flight;
  std::int64_t batch = config::Settings{}.batch.max_commands;
  int runs = 3;
  bool latency = true;
  double latency_seconds = 20;
  bool floor = true;
  bool statements = false;
  std::filesystem::path json;  // empty: none
  std::filesystem::path worker;
};

/// Empty-handed (`--help`, or a fault that was printed): the program's exit code.
[[nodiscard]] std::expected<Options, int> parse_options(int argc, char** argv);

/// "v7" or "random".
[[nodiscard]] const char* to_string(command_publisher::IdKind ids) noexcept;

}  // namespace pawl::bench
