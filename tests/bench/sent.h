// What was sent, so that it can be asked for afterwards.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "pawl/core/uuid.h"

namespace pawl::bench {

struct Sent {
  std::unordered_set<Uuid> ids;  // different ones, without those that fail or are parked
  std::uint64_t failing = 0;     // become dead letters; each once
  std::uint64_t parked = 0;      // fail again and again, or wait behind one that does
  std::uint64_t records = 0;     // repeated ones too
};

}  // namespace pawl::bench
