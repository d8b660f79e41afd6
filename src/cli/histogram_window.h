// Quantiles of the last seconds, from a histogram that only ever grows.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::cli {

/// A histogram as Prometheus' text format shows it: observations up to each bound, all labels added
/// up.
struct Buckets {
  std::vector<double> bounds;  // rising; the last one is infinite
  std::vector<double> up_to;   // cumulative

  [[nodiscard]] double all() const { return up_to.empty() ? 0 : up_to.back(); }
};

/// Reads the histogram called `name` from a metrics page. Empty when it is not there. Pure.
[[nodiscard]] Buckets read_histogram(std::string_view page, std::string_view name);

/// The last so many readings; a quantile is that of what came between the first and the last of
/// them. One thread.
class HistogramWindow {
 public:
  explicit HistogramWindow(std::size_t readings) : readings_max_(readings) {}

  void add(Buckets reading);
  /// Estimated inside a bucket as evenly spread; `q` in [0, 1]. Empty when nothing was observed.
  [[nodiscard]] std::optional<double> quantile(double q) const;

 private:
  std::size_t readings_max_;
  std::deque<Buckets> readings_;
};

}  // namespace pawl::cli
