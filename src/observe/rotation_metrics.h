// What rotation measures.
#pragma once

#include <string>
#include <string_view>

#include "pawl/observe/labelled_counter.h"
#include "pawl/observe/metrics.h"

namespace pawl::observe {

class RotationMetrics {
 public:
  RotationMetrics(Metrics& metrics, const std::string& consumer);

  /// `table`: inbox or outbox. `result`: a word of rotation's own, such as rotated, busy, not_free,
  /// failed. Thread-safe.
  void rotation(std::string_view table, std::string_view result);

 private:
  LabelledCounter inbox_;
  LabelledCounter outbox_;
};

}  // namespace pawl::observe
