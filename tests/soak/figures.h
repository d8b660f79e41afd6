// What a soak measures, as plain data: a test can plant what a bug would show and see whether the
// verdict finds it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pawl::soak {

using Seconds = std::chrono::duration<double>;

/// What the worker that lives through the whole run holds, and what all of them hold together.
struct Footprint {
  double rss_mib = 0;   // of worker 1
  int descriptors = 0;  // of worker 1
  int threads = 0;      // of worker 1
  int connections = 0;  // to the database, of all workers
};

/// A table that is updated in place: it must stay as small as its rows are few.
struct TableSize {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t dead_rows = 0;  // as the server's statistics have it
};

/// A table whose partitions rotate.
struct RotatingTable {
  std::string name;
  Seconds period{};  // between two rotations
  std::int64_t rotations = 0;
  std::int64_t rows = 0;
  std::int64_t bytes_max = 0;  // the most that was seen
  Seconds oldest_row{};        // its age
};

/// Everything that a run is judged by.
struct Figures {
  Seconds elapsed{};   // since the database was made, without what came after the load's end
  Seconds rotating{};  // since the database was made
  Footprint baseline;  // after the warm-up; its memory: the most until then
  Footprint end;
  double rss_max_mib = 0;  // of worker 1, all along
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  bool drained = false;
  Seconds drained_in{};       // after the load's end
  Seconds longest_stall{};    // commands waited, both servers were there, and none was finished
  std::uint64_t lag_max = 0;  // commands that waited
  double per_second = 1;      // of the load
  std::vector<std::string> bad_ends;         // workers that ended otherwise than they should
  std::vector<std::string> bad_lines;        // in their logs
  std::vector<std::string> broken_promises;  // the checker's findings
  std::string reconciled;                    // what `pawl reconcile` found wrong; empty: nothing
  std::vector<TableSize> tables;
  std::vector<RotatingTable> rotating_tables;
  std::vector<std::string> faults;  // made, by name, in order
};

}  // namespace pawl::soak
