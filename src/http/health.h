// Whether a program is alive or ready, and why not.
#pragma once

#include <string>
#include <vector>

namespace pawl::http {

struct Check {
  std::string name;  // "database", "broker", "lanes", "engine"
  bool ok = false;
  std::string detail;  // why not, and what to do; may be empty when ok
};

struct Health {
  bool ok = false;
  std::vector<Check> checks;
};

/// Ok when all checks are.
[[nodiscard]] Health health_of(std::vector<Check> checks);

/// {"ok":…,"checks":[{"name":…,"ok":…,"detail":…}]} with a line end.
[[nodiscard]] std::string to_json(const Health& health);

}  // namespace pawl::http
