#include "pawl/observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>

#include "pawl/observe/process_metrics.h"

namespace pawl::observe {

void Counter::add(double amount) const {
  counter_->Increment(amount);
}

void Gauge::set(double value) const {
  gauge_->Set(value);
}
double Gauge::value() const {
  return gauge_->Value();
}

void Histogram::observe(double value) const {
  histogram_->Observe(value);
}

void Histogram::observe(std::span<const double> values) const {
  if (values.empty()) return;
  std::vector<double> counts(bounds_->size() + 1);
  double sum = 0;
  for (const double value : values) {
    ++counts[static_cast<std::size_t>(std::ranges::lower_bound(*bounds_, value) -
                                      bounds_->begin())];
    sum += value;
  }
  histogram_->ObserveMultiple(counts, sum);
}

namespace {

// The library keeps them by hash; people read the page, too.
void sort(std::vector<prometheus::MetricFamily>& families) {
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  for (prometheus::MetricFamily& family : families) {
    std::sort(family.metric.begin(), family.metric.end(), [](const auto& a, const auto& b) {
      return a.label < b.label;
    });
  }
}

}  // namespace

struct Metrics::Core {
  struct Age {
    std::shared_ptr<std::atomic<std::int64_t>> since_ms;
    prometheus::Gauge* gauge;
  };

  const Clock& clock;
  prometheus::Registry registry{};
  std::mutex mutex{};  // of ages
  std::vector<Age> ages{};

  void refresh_ages() {
    const std::int64_t now = clock.wall().time_since_epoch().count();
    const std::scoped_lock lock{mutex};
    for (const Age& age : ages) {
      const std::int64_t since = age.since_ms->load(std::memory_order_relaxed);
      // A producer whose clock is ahead sends commands from the future; they are not old.
      age.gauge->Set(since == AgeGauge::kNone
                         ? 0
                         : static_cast<double>(std::max<std::int64_t>(0, now - since)) / 1000);
    }
  }
};

Metrics::Metrics(const Clock& clock) : core_(new Core{clock}) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter{
      prometheus::BuildCounter().Name(name).Help(help).Register(core_->registry).Add(labels)};
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge{
      prometheus::BuildGauge().Name(name).Help(help).Register(core_->registry).Add(labels)};
}

AgeGauge Metrics::age(const std::string& name, const std::string& help, const Labels& labels) {
  prometheus::Gauge* gauge =
      &prometheus::BuildGauge().Name(name).Help(help).Register(core_->registry).Add(labels);
  const std::scoped_lock lock{core_->mutex};
  for (const Core::Age& age : core_->ages) {
    if (age.gauge == gauge) return AgeGauge{age.since_ms};
  }
  auto since = std::make_shared<std::atomic<std::int64_t>>(AgeGauge::kNone);
  core_->ages.push_back({since, gauge});
  return AgeGauge{std::move(since)};
}

Histogram Metrics::histogram(const std::string& name,
                             const std::string& help,
                             const Labels& labels,
                             const std::vector<double>& bounds) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(core_->registry);
  return Histogram{family.Add(labels, bounds), std::make_shared<const std::vector<double>>(bounds)};
}

std::string Metrics::expose() {
  core_->refresh_ages();
  std::vector<prometheus::MetricFamily> families = core_->registry.Collect();
  append_process_metrics(families);
  sort(families);
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace pawl::observe
