#include "pawl/dead_letters/filter.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <nlohmann/json.hpp>

#include "pawl/core/rfc3339.h"

namespace pawl::dead_letters {
namespace {

constexpr std::size_t kFingerprintDigits = 16;

// Keys are bytes; in JSON they stand as text where they are, else with '?'.
std::string as_json_text(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::dead:
      return "dead";
    case State::redriven:
      return "redriven";
    case State::discarded:
      return "discarded";
  }
  return "impossible";
}

std::optional<State> parse_state(std::string_view word) noexcept {
  for (const State state : {State::dead, State::redriven, State::discarded}) {
    if (word == to_string(state)) return state;
  }
  return std::nullopt;
}

std::string condition(const Filter& filter, postgres::Parameters& parameters) {
  std::string sql;
  const auto add = [&](std::string_view form) {
    sql += fmt::format(
        "{}{}", sql.empty() ? "" : " AND ", fmt::format(fmt::runtime(form), parameters.size()));
  };
  parameters.add(filter.consumer);
  add("consumer = ${}");
  if (filter.state) {
    parameters.add(to_string(*filter.state));
    add("state = ${}");
  }
  if (!filter.ids.empty()) {
    parameters.add_array(std::span<const Uuid>(filter.ids));
    add("id = ANY (${})");
  }
  if (filter.fingerprint) {
    parameters.add(*filter.fingerprint);
    add("fingerprint = ${}");
  }
  if (filter.type) {
    parameters.add(std::string_view(*filter.type));
    add("type = ${}");
  }
  if (filter.key) {
    parameters.add_bytes(*filter.key);
    add("key = ${}");
  }
  if (filter.since) {
    parameters.add(std::int64_t{filter.since->time_since_epoch().count()});
    add("last_failed_at >= to_timestamp(${} / 1000.0)");
  }
  if (filter.until) {
    parameters.add(std::int64_t{filter.until->time_since_epoch().count()});
    add("last_failed_at < to_timestamp(${} / 1000.0)");
  }
  return sql;
}

std::string to_json(const Filter& filter) {
  nlohmann::json json = nlohmann::json::object();
  if (filter.state) json["state"] = to_string(*filter.state);
  for (const Uuid& id : filter.ids) json["ids"].push_back(id.to_string());
  if (filter.fingerprint) json["group"] = fingerprint_text(*filter.fingerprint);
  if (filter.type) json["type"] = *filter.type;
  if (filter.key) json["key"] = *filter.key;
  if (filter.since) json["since"] = rfc3339(*filter.since);
  if (filter.until) json["until"] = rfc3339(*filter.until);
  return as_json_text(json);
}

std::optional<std::int64_t> parse_fingerprint(std::string_view text) noexcept {
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() != kFingerprintDigits)
    return std::nullopt;
  return std::bit_cast<std::int64_t>(bits);
}

}  // namespace pawl::dead_letters
