#include "pawl/config/fault.h"

#include <fmt/format.h>

namespace pawl::config {

std::string Fault::text() const {
  std::string line = fmt::format("{}: {}", where, what);
  if (!expected.empty()) line += fmt::format("; expected {}", expected);
  if (!advice.empty()) line += fmt::format("; {}", advice);
  return line;
}

std::string render_faults(std::span<const Fault> faults) {
  std::string all = faults.size() == 1
                        ? std::string{"the configuration has a fault:\n"}
                        : fmt::format("the configuration has {} faults:\n", faults.size());
  for (const Fault& fault : faults) all += fmt::format("  {}\n", fault.text());
  return all;
}

}  // namespace pawl::config
