// What the retention of dead letters measures.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pawl/observe/labelled_counter.h"
#include "pawl/observe/metrics.h"

namespace pawl::observe {

class DeadLetterMetrics {
 public:
  DeadLetterMetrics(Metrics& metrics, const std::string& consumer);

  /// So many were deleted because they were old. `state`: dead, redriven or discarded. Thread-safe.
  void expired(std::string_view state, std::int64_t letters);
  /// `reason`: archive or database. Thread-safe.
  void expiry_failed(std::string_view reason);

 private:
  LabelledCounter expired_;
  LabelledCounter failures_;
};

}  // namespace pawl::observe
