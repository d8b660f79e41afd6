// Who is chosen how often when a few are chosen most.
#pragma once

#include <cstdint>

#include "command_publisher/random.h"

namespace command_publisher {

/// Ranks 0…count-1, rank k with a probability proportional to 1 / (k + 1)^exponent. Constant time
/// and memory for any count. Source: W. Hörmann, G. Derflinger, "Rejection-inversion to generate
/// variates from monotone discrete distributions", 1996.
class Zipf {
 public:
  /// `count` ≥ 1, `exponent` > 0.
  Zipf(std::int64_t count, double exponent);

  [[nodiscard]] std::int64_t rank(Random& random) const;

 private:
  [[nodiscard]] double weight(double x) const;
  [[nodiscard]] double integral(double x) const;
  [[nodiscard]] double inverse(double y) const;

  double count_;
  double exponent_;
  double first_;    // integral up to 1.5, less the first one's weight
  double last_;     // integral up to the end
  double certain_;  // a candidate so near to its rank needs no second look
};

}  // namespace command_publisher
