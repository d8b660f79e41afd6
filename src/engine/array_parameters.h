// Array parameters of a statement out of the rows of a request, one member each.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/postgres/parameters.h"

namespace pawl::engine {

[[nodiscard]] inline std::optional<std::string_view> view(const std::optional<std::string>& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

template <class Value, class Rows, class Get>
void add_each(postgres::Parameters& into, const Rows& rows, Get get) {
  std::vector<Value> values;
  values.reserve(rows.size());
  for (const auto& row : rows) values.push_back(get(row));
  into.add_array(std::span<const Value>(values));
}

/// For bytea and jsonb, whose values are taken as views.
template <class Rows, class Get>
[[nodiscard]] auto views(const Rows& rows, Get get) {
  std::vector<std::optional<std::string_view>> values;
  for (const auto& row : rows) values.push_back(get(row));
  return values;
}

}  // namespace pawl::engine
