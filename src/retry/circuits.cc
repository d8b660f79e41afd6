#include "pawl/retry/circuits.h"

#include <stdexcept>

namespace pawl {

Circuit& Circuits::of(std::string_view dependency) {
  const std::scoped_lock lock(mutex_);
  if (const auto at = circuits_.find(dependency); at != circuits_.end()) return *at->second;
  if (circuits_.size() == kCircuitsMax) {
    throw std::logic_error(
        "more than 50 dependencies are named: a name must not come from a command");
  }
  std::string name(dependency);
  auto circuit = std::make_unique<Circuit>(name, parts_.settings, parts_.seed + circuits_.size());
  return *circuits_.emplace(std::move(name), std::move(circuit)).first->second;
}

std::vector<CircuitView> Circuits::view() const {
  const std::scoped_lock lock(mutex_);
  std::vector<CircuitView> all;
  for (const auto& [name, circuit] : circuits_) all.push_back(circuit->view());
  return all;
}

}  // namespace pawl
