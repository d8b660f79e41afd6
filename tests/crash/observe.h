// Reads afresh what a run has left: the topics from their beginnings, the tables as they are.
#pragma once

#include <string>

#include "crash/observation.h"
#include "support/database.h"

namespace pawl::test {

struct Sources {
  std::string brokers;
  std::string consumer;
  std::string commands_topic;
  std::string events_topic;
  std::string dead_letter_topic;
};

/// Throws Failure when broker or database is away.
[[nodiscard]] Observation observe(const Sources& sources, Database& database);

}  // namespace pawl::test
