// A counter by one label whose values are found at run time.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "pawl/observe/metrics.h"

namespace pawl::observe {

/// Bounded: after kValuesMax values all further ones count as "other". Values known beforehand are
/// shown as 0 from the start, so that rate() sees their first event. Thread-safe.
class LabelledCounter {
 public:
  LabelledCounter(Metrics& metrics,
                  std::string name,
                  std::string help,
                  Labels labels,
                  std::string label,
                  std::initializer_list<std::string_view> known_values);

  void add(std::string_view value, double amount = 1);

 private:
  static constexpr std::size_t kValuesMax = 50;
  const Counter& at(std::string_view value);

  Metrics& metrics_;
  std::string name_;
  std::string help_;
  Labels labels_;
  std::string label_;
  std::mutex mutex_;
  std::map<std::string, Counter, std::less<>> counters_;
};

}  // namespace pawl::observe
