#include "command_publisher/zipf.h"

#include <algorithm>
#include <cmath>

namespace command_publisher {
namespace {

constexpr double kSmall = 1e-8;  // below, the first terms of the series are exact to a double

double log1p_by_x(double x) {
  return std::abs(x) > kSmall ? std::log1p(x) / x : 1 - x / 2;
}
double expm1_by_x(double x) {
  return std::abs(x) > kSmall ? std::expm1(x) / x : 1 + x / 2;
}

}  // namespace

Zipf::Zipf(std::int64_t count, double exponent)
    : count_(static_cast<double>(count)),
      exponent_(exponent),
      first_(integral(1.5) - 1),
      last_(integral(count_ + 0.5)),
      certain_(2 - inverse(integral(2.5) - weight(2))) {}

std::int64_t Zipf::rank(Random& random) const {
  while (true) {
    const double u = last_ + random.unit() * (first_ - last_);
    const double x = inverse(u);
    const double k = std::clamp(std::round(x), 1.0, count_);
    if (k - x <= certain_ || u >= integral(k + 0.5) - weight(k)) {
      return static_cast<std::int64_t>(k) - 1;
    }
  }
}

double Zipf::weight(double x) const {
  return std::exp(-exponent_ * std::log(x));
}

double Zipf::integral(double x) const {
  const double log_x = std::log(x);
  return expm1_by_x((1 - exponent_) * log_x) * log_x;
}

double Zipf::inverse(double y) const {
  const double t = std::max(-1.0, y * (1 - exponent_));
  return std::exp(log1p_by_x(t) * y);
}

}  // namespace command_publisher
