// For changes that a running consumer may be in the way of.
#pragma once

#include "pawl/core/failure.h"

namespace pawl::cli {

/// Does `work`, again when the consumer's engine, which locks the same rows, was let go first. What
/// comes of the last time is thrown.
template <class Work>
auto patiently(Work work) {
  constexpr int kTriesMax = 10;
  for (int tries = 1;; ++tries) {
    try {
      return work();
    } catch (const Failure& failure) {
      if (failure.remedy() != Remedy::rerun_now || tries == kTriesMax) throw;
    }
  }
}

}  // namespace pawl::cli
