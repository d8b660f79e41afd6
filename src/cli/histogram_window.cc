#include "pawl/cli/histogram_window.h"

#include <cstdlib>
#include <limits>
#include <map>

namespace pawl::cli {
namespace {

// The text between `before` and the next quotation mark.
std::optional<std::string> quoted_after(std::string_view line, std::string_view before) {
  const auto at = line.find(before);
  if (at == std::string_view::npos) return std::nullopt;
  const auto begin = at + before.size();
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

double bound_of(const std::string& text) {
  return text == "+Inf" ? std::numeric_limits<double>::infinity()
                        : std::strtod(text.c_str(), nullptr);
}

}  // namespace

Buckets read_histogram(std::string_view page, std::string_view name) {
  const std::string prefix = std::string(name) + "_bucket{";
  std::map<double, double> by_bound;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    if (!line.starts_with(prefix)) continue;
    const auto bound = quoted_after(line, "le=\"");
    const auto value = line.rfind(' ');
    if (!bound || value == std::string_view::npos) continue;
    by_bound[bound_of(*bound)] += std::strtod(std::string(line.substr(value + 1)).c_str(), nullptr);
  }
  Buckets buckets;
  for (const auto& [bound, count] : by_bound) {
    buckets.bounds.push_back(bound);
    buckets.up_to.push_back(count);
  }
  return buckets;
}

void HistogramWindow::add(Buckets reading) {
  if (!readings_.empty() && readings_.back().bounds != reading.bounds) readings_.clear();
  readings_.push_back(std::move(reading));
  if (readings_.size() > readings_max_) readings_.pop_front();
}

std::optional<double> HistogramWindow::quantile(double q) const {
  if (readings_.size() < 2) return std::nullopt;
  const Buckets& first = readings_.front();
  const Buckets& last = readings_.back();
  const double observed = last.all() - first.all();
  if (observed <= 0) return std::nullopt;
  double below = 0;
  double lower = 0;
  for (std::size_t i = 0; i < last.bounds.size(); ++i) {
    const double up_to = last.up_to[i] - first.up_to[i];
    if (up_to >= q * observed && up_to > below) {
      if (last.bounds[i] == std::numeric_limits<double>::infinity()) return lower;
      return lower + (last.bounds[i] - lower) * (q * observed - below) / (up_to - below);
    }
    below = up_to;
    lower = last.bounds[i];
  }
  return lower;
}

}  // namespace pawl::cli
