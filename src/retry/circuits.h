// The circuits of a process, by the names that handlers call them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/retry/circuit.h"

namespace pawl {

/// Shared by all engines of a process. Thread-safe.
class Circuits {
 public:
  static constexpr std::size_t kCircuitsMax = 50;

  struct Parts {
    CircuitSettings settings;
    const Clock& clock;
    std::uint64_t seed;
    /// A circuit opened or closed. Called by the thread whose call did it; must not wait.
    std::function<void(const CircuitView&)> on_change{};
  };
  explicit Circuits(Parts parts) : parts_(std::move(parts)) {}

  /// Made at the first use, and there as long as this. Throws std::logic_error for the fifty-first
  /// name: names are words of the program, not of its data.
  Circuit& of(std::string_view dependency);

  [[nodiscard]] const Clock& clock() const { return parts_.clock; }
  void tell(const Circuit& circuit) const {
    if (parts_.on_change) parts_.on_change(circuit.view());
  }
  [[nodiscard]] std::vector<CircuitView> view() const;

 private:
  Parts parts_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Circuit>, std::less<>> circuits_;
};

}  // namespace pawl
