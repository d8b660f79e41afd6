// What to measure, from the command line.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>

#include "command_publisher/load_shape.h"
#include "pawl/config/settings.h"

namespace pawl::bench {

/// What a failing command fails of.
enum class Failing {
  constraint,  // the database refuses its row
  decider,     // its decider throws
};

/// What the commands are like, and who works them off. The default is what README's figures are of.
struct Workload {
  bool closings = false;           // CloseMonth, with SQL of its own, instead of transfers
  double hot_percent = 0;          // of all accounts used are these on …
  std::int64_t hot_accounts = 10;  // … so many
  codec::Encoding content = codec::Encoding::protobuf;
  std::int64_t payload_bytes = 0;  // at least; 0: as they come, some 30
  std::int64_t failing_every = 0;  // every so manieth command fails; 0: none
  Failing failing_by = Failing::constraint;
  std::int64_t held_keys = 0;  // keys of so many accounts are held from the start; 0: none
  int processes = 1;

  bool operator==(const Workload&) const = default;
};

struct Options {
  std::uint64_t commands = 300'000;
  std::int64_t accounts = 10'000;
  int partitions = 8;
  command_publisher::IdKind ids = command_publisher::IdKind::v7;
  double duplicates_percent = 1;
  Workload workload;
  bool compare = false;   // each run with one of the plain workload
  bool refusing = false;  // the database has the constraints that failing commands fail of; the
                          // plain workload's too, for checking them is not what failures cost
  int in_flight = config::Settings{}.engine.in_flight;
  std::int64_t batch = config::Settings{}.batch.max_commands;
  int runs = 3;
  bool latency = true;
  double latency_seconds = 20;
  bool floor = true;
  bool statements = false;
  bool sweep = false;
  std::filesystem::path json;  // empty: none
  std::filesystem::path svg;   // empty: none
  std::filesystem::path worker;
};

/// Empty-handed (`--help`, or a fault that was printed): the program's exit code.
[[nodiscard]] std::expected<Options, int> parse_options(int argc, char** argv);

/// The same commands of the plain workload, with nothing measured but throughput.
[[nodiscard]] Options plain(Options options);

/// "v7" or "random".
[[nodiscard]] const char* to_string(command_publisher::IdKind ids) noexcept;
/// "constraint" or "decider".
[[nodiscard]] const char* to_string(Failing failing) noexcept;
/// "json" or "protobuf".
[[nodiscard]] const char* to_string(codec::Encoding content) noexcept;

}  // namespace pawl::bench
