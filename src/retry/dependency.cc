#include "pawl/retry/dependency.h"

#include <utility>

namespace pawl {

void Dependency::enter() {
  const auto ask_again = circuit_.admit(circuits_.clock().now());
  if (!ask_again) return;
  try {
    throw DependencyDown(name_);
  } catch (const DependencyDown&) {
    trouble_ = {name_, std::current_exception(), ask_again, false};
    throw;
  }
}

void Dependency::succeeded() {
  if (circuit_.succeeded() != Circuit::Change::none) circuits_.tell(circuit_);
}

void Dependency::failed(std::string what) {
  const Clock& clock = circuits_.clock();
  if (circuit_.failed(std::move(what), clock.now(), clock.wall()) != Circuit::Change::none)
    circuits_.tell(circuit_);
  trouble_ = {name_, std::current_exception(), circuit_.open_until(), true};
}

}  // namespace pawl
