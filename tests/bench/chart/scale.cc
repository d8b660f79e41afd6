#include "bench/chart/scale.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

namespace pawl::bench {
namespace {

constexpr double kRounding = 1e-9;  // 3 steps of 0.1 are not to become 4

double steps_needed(double most, double step) {
  return std::ceil(most / step - kRounding);
}

double nice_step(double most, int count) {
  const double power = std::pow(10, std::floor(std::log10(most / count)));
  double best = power;
  double least = std::numeric_limits<double>::max();
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    const double distance = std::abs(steps_needed(most, factor * power) - count);
    if (distance < least) {
      least = distance;
      best = factor * power;
    }
  }
  return best;
}

// Three digits: "1.23", "12.3", "123"; a fraction of zeros is left out.
std::string three_digits(double value) {
  const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::vector<double> ticks_up_to(double most, int count) {
  const double top = most > 0 ? most : 1;
  const double step = nice_step(top, count);
  std::vector<double> ticks;
  for (int i = 0; i <= static_cast<int>(steps_needed(top, step)); ++i) ticks.push_back(i * step);
  return ticks;
}

std::string short_number(double value) {
  constexpr std::array<const char*, 4> kUnits{"", "k", "M", "G"};
  std::size_t unit = 0;
  // 999.6 would be printed as 1000.
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return three_digits(value) + kUnits.at(unit);
}

std::string grouped(double value) {
  const std::string digits = fmt::format("{:.0f}", value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool inside = i > 0 && digits[i - 1] != '-';
    if (inside && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace pawl::bench
