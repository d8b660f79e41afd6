// Which held events are meant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pawl/core/uuid.h"
#include "pawl/postgres/parameters.h"

namespace pawl::held_events {

/// All that is set must fit.
struct Filter {
  std::vector<Uuid> ids{};             // of events (ce_id); none given: any
  std::optional<std::string> topic{};  // that they are for
  std::optional<std::string> key{};    // bytes
  std::optional<std::string> code{};   // of the broker's refusal: leaves out those that only wait
  bool refused = false;                // leaves out those that only wait behind another

  [[nodiscard]] bool narrows() const { return !ids.empty() || topic || key || code; }
};

/// The condition in SQL on pawl.relay_held_event e; what it compares with is appended to
/// `parameters`.
[[nodiscard]] std::string condition(const Filter& filter, postgres::Parameters& parameters);

/// For pawl.audit: an object of what is set.
[[nodiscard]] std::string to_json(const Filter& filter);

}  // namespace pawl::held_events
