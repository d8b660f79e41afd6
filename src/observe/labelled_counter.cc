#include "pawl/observe/labelled_counter.h"

#include <utility>

namespace pawl::observe {

LabelledCounter::LabelledCounter(Metrics& metrics,
                                 std::string name,
                                 std::string help,
                                 Labels labels,
                                 std::string label,
                                 std::initializer_list<std::string_view> known_values)
    : metrics_(metrics),
      name_(std::move(name)),
      help_(std::move(help)),
      labels_(std::move(labels)),
      label_(std::move(label)) {
  for (const std::string_view value : known_values) at(value);
}

void LabelledCounter::add(std::string_view value, double amount) {
  const std::scoped_lock lock{mutex_};
  at(value).add(amount);
}

const Counter& LabelledCounter::at(std::string_view value) {
  if (const auto it = counters_.find(value); it != counters_.end()) return it->second;
  if (counters_.size() >= kValuesMax && value != "other") return at("other");
  Labels labels = labels_;
  labels[label_] = value;
  return counters_.emplace(value, metrics_.counter(name_, help_, labels)).first->second;
}

}  // namespace pawl::observe
