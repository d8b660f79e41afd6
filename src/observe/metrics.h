// What is measured, and the page that Prometheus scrapes. prometheus-cpp stays inside the .cc
// files.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/clock.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace pawl::observe {

using Labels = std::map<std::string, std::string>;

/// The handles are small, copied freely, valid as long as their Metrics, and thread-safe. An add or
/// set is an atomic write.
class Counter {
 public:
  void add(double amount = 1) const;

 private:
  friend class Metrics;
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  void set(double value) const;
  [[nodiscard]] double value() const;

 private:
  friend class Metrics;
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  prometheus::Gauge* gauge_;
};

/// An observation takes a short lock; many at once take it once.
class Histogram {
 public:
  void observe(double value) const;
  void observe(std::span<const double> values) const;

 private:
  friend class Metrics;
  Histogram(prometheus::Histogram& histogram, std::shared_ptr<const std::vector<double>> bounds)
      : histogram_(&histogram), bounds_(std::move(bounds)) {}
  prometheus::Histogram* histogram_;
  std::shared_ptr<const std::vector<double>> bounds_;
};

/// How old the oldest of something is. Grows from scrape to scrape, also when the thread that sets
/// it hangs.
class AgeGauge {
 public:
  /// Since when the oldest waits; empty: nothing waits, age 0.
  void oldest(std::optional<WallTime> since) const {
    since_ms_->store(since ? since->time_since_epoch().count() : kNone, std::memory_order_relaxed);
  }

 private:
  friend class Metrics;
  static constexpr std::int64_t kNone = -1;
  explicit AgeGauge(std::shared_ptr<std::atomic<std::int64_t>> since_ms)
      : since_ms_(std::move(since_ms)) {}
  std::shared_ptr<std::atomic<std::int64_t>> since_ms_;
};

/// Owns all metrics of a process. Made by main before the threads; asking twice for one name and
/// labels gives the same metric. Names carry prefix and unit ("pawl_…_seconds"), help texts say
/// what and in which unit.
class Metrics {
 public:
  explicit Metrics(const Clock& clock);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  [[nodiscard]] Counter counter(const std::string& name,
                                const std::string& help,
                                const Labels& labels);
  [[nodiscard]] Gauge gauge(const std::string& name, const std::string& help, const Labels& labels);
  [[nodiscard]] AgeGauge age(const std::string& name,
                             const std::string& help,
                             const Labels& labels);
  /// `bounds`: upper bounds of the buckets, rising.
  [[nodiscard]] Histogram histogram(const std::string& name,
                                    const std::string& help,
                                    const Labels& labels,
                                    const std::vector<double>& bounds);

  /// Prometheus' text format 0.0.4, process_* included. Thread-safe.
  [[nodiscard]] std::string expose();

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace pawl::observe
