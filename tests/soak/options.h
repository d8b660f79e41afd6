// What to soak and how long, from the command line.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace pawl::soak {

struct Options {
  double minutes = 5;         // under faults; starting, warming up and checking come on top
  double per_second = 2'000;  // commands, duplicates and garbage included
  std::uint64_t seed = 0;     // of the load and of the faults
  int workers = 2;
  int partitions = 8;
  std::int64_t accounts = 1'000;
  int in_flight = 2;
  std::vector<std::string> faults;  // names of those to draw from
  std::filesystem::path json;       // empty: none
  std::filesystem::path logs;       // where the workers' logs go; empty: nowhere
};

/// Empty-handed (`--help`, or a fault that was printed): the program's exit code.
[[nodiscard]] std::expected<Options, int> parse_options(int argc, char** argv);

}  // namespace pawl::soak
