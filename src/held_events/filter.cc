#include "pawl/held_events/filter.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace pawl::held_events {

std::string condition(const Filter& filter, postgres::Parameters& parameters) {
  std::string sql = filter.refused ? "e.code IS NOT NULL" : "true";
  const auto add = [&](std::string_view form) {
    sql += " AND " + fmt::format(fmt::runtime(form), parameters.size());
  };
  if (!filter.ids.empty()) {
    parameters.add_array(std::span<const Uuid>(filter.ids));
    add("e.id = ANY (${})");
  }
  if (filter.topic) {
    parameters.add(std::string_view(*filter.topic));
    add("e.topic = ${}");
  }
  if (filter.key) {
    parameters.add_bytes(*filter.key);
    add("e.key = ${}");
  }
  if (filter.code) {
    parameters.add(std::string_view(*filter.code));
    add("e.code = ${}");
  }
  return sql;
}

std::string to_json(const Filter& filter) {
  nlohmann::json json = nlohmann::json::object();
  for (const Uuid& id : filter.ids) json["ids"].push_back(id.to_string());
  if (filter.topic) json["topic"] = *filter.topic;
  if (filter.key) json["key"] = *filter.key;
  if (filter.code) json["code"] = *filter.code;
  // Keys are bytes; in JSON they stand as text where they are, else with '?'.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace pawl::held_events
