// Column-wise values: how rows travel between memory and a database, without a database library.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "pawl/core/uuid.h"

namespace pawl {

enum class ColumnType { bigint, text, uuid, boolean };

/// One column's values, one per row. The alternative's index is the ColumnType.
using ColumnArray = std::variant<std::vector<std::int64_t>,
                                 std::vector<std::string>,
                                 std::vector<Uuid>,
                                 std::vector<std::uint8_t>>;

[[nodiscard]] inline std::size_t rows_of(const ColumnArray& column) {
  return std::visit([](const auto& values) { return values.size(); }, column);
}

/// PostgreSQL's name of the type, for casts.
constexpr std::string_view sql_name(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::bigint:
      return "bigint";
    case ColumnType::text:
      return "text";
    case ColumnType::uuid:
      return "uuid";
    case ColumnType::boolean:
      return "boolean";
  }
  return "impossible";
}

}  // namespace pawl
