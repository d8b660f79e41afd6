// Dead letters go back to their consumer: to the end of their keys' queues of parked commands, due
// at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pawl/dead_letters/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::dead_letters {

struct Redrive {
  Filter filter;  // its state does not count: only dead ones are handed back
  std::string who;
  std::string reason;
  int redrives_max = 5;  // a command that was handed back so often stays where it is
};

/// Hands at most `letters_max` back, in the order of their partitions and offsets, in one
/// transaction with one row of audit. Returns how many; 0: none is left. Whoever is killed in
/// between has handed back and noted the same letters, and may begin again. The consumer's engine
/// notices by its next batch, or within about a second; that the command had died does not make it
/// a duplicate, that a twin of it has completed since does. Letters of partitions that the consumer
/// has no position of are left alone. Throws Failure; rerun_now when the consumer was in the way:
/// try again.
std::int64_t redrive_some(postgres::Connection& connection,
                          const Redrive& redrive,
                          std::int64_t letters_max);

/// What redrive_some() would do until none is left.
struct RedrivePlan {
  struct Key {
    std::string topic;
    std::int64_t partition = 0;
    std::optional<std::string> key;  // empty: all that have none, each by itself
    std::int64_t letters = 0;
    std::int64_t first_offset = 0, last_offset = 0;
    std::int64_t parked = 0;  // commands of this key that wait already, and go first
  };
  std::int64_t letters = 0;
  std::int64_t keys = 0;
  std::int64_t capped = 0;   // not taken: handed back too often
  std::vector<Key> largest;  // those with most letters
};
[[nodiscard]] RedrivePlan plan_redrive(postgres::Connection& connection,
                                       const Redrive& redrive,
                                       int keys_max);

}  // namespace pawl::dead_letters
