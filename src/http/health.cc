#include "pawl/http/health.h"

#include <algorithm>
#include <utility>

#include "pawl/observe/json_text.h"

namespace pawl::http {

Health health_of(std::vector<Check> checks) {
  const bool ok = std::ranges::all_of(checks, &Check::ok);
  return {ok, std::move(checks)};
}

std::string to_json(const Health& health) {
  std::string json = health.ok ? "{\"ok\":true,\"checks\":[" : "{\"ok\":false,\"checks\":[";
  for (std::size_t i = 0; i < health.checks.size(); ++i) {
    const Check& check = health.checks[i];
    json += i == 0 ? "{\"name\":" : ",{\"name\":";
    observe::append_json_text(json, check.name);
    json += check.ok ? ",\"ok\":true,\"detail\":" : ",\"ok\":false,\"detail\":";
    observe::append_json_text(json, check.detail);
    json += '}';
  }
  return json + "]}\n";
}

}  // namespace pawl::http
