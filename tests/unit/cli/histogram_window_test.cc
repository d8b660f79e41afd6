#include "pawl/cli/histogram_window.h"

#include <gtest/gtest.h>

#include <limits>

namespace pawl::cli {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Buckets buckets(std::vector<double> up_to) {
  return {{1, 2, kInfinity}, std::move(up_to)};
}

TEST(HistogramWindow, ReadsBucketsAndAddsLabelsUp) {
  const Buckets read = read_histogram(
      "# TYPE lat histogram\n"
      "lat_count{a=\"x\"} 9\n"
      "lat_bucket{a=\"x\",le=\"0.5\"} 3\n"
      "lat_bucket{a=\"x\",le=\"+Inf\"} 4\n"
      "lat_bucket{a=\"y\",le=\"0.5\"} 1\n"
      "lat_bucket{a=\"y\",le=\"+Inf\"} 5\n"
      "latency_bucket{le=\"0.5\"} 100\n",
      "lat");
  EXPECT_EQ(read.bounds, (std::vector<double>{0.5, kInfinity}));
  EXPECT_EQ(read.up_to, (std::vector<double>{4, 9}));
}

TEST(HistogramWindow, QuantilesAreOfWhatCameInTheWindow) {
  HistogramWindow window{3};
  window.add(buckets({1000, 1000, 1000}));
  EXPECT_FALSE(window.quantile(0.5));
  window.add(buckets({1000, 1100, 1100}));
  EXPECT_DOUBLE_EQ(*window.quantile(0.5), 1.5);
  window.add(buckets({1300, 1400, 1400}));
  EXPECT_NEAR(*window.quantile(0.5), 0.667, 0.001);
  window.add(buckets({1300, 1400, 1400}));  // the first reading leaves
  EXPECT_DOUBLE_EQ(*window.quantile(0.5), 0.5);
}

TEST(HistogramWindow, NothingObservedIsNoQuantile) {
  HistogramWindow window{3};
  window.add(buckets({5, 5, 5}));
  window.add(buckets({5, 5, 5}));
  EXPECT_FALSE(window.quantile(0.99));
}

TEST(HistogramWindow, BeyondTheLastBoundIsAtLeastThat) {
  HistogramWindow window{3};
  window.add(buckets({0, 0, 0}));
  window.add(buckets({0, 0, 10}));
  EXPECT_DOUBLE_EQ(*window.quantile(0.99), 2);
}

}  // namespace
}  // namespace pawl::cli
