// Binary parameters of one statement. Values are copied in; the object may be reused after clear().
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/columns.h"
#include "pawl/core/uuid.h"

namespace pawl::postgres {

/// Each add…() appends the next parameter ($1, $2, …) in PostgreSQL's binary format. Arrays are
/// one-dimensional; an empty optional is a NULL element. Not thread-safe.
class Parameters {
 public:
  void add(std::int64_t value);      // bigint
  void add(std::int32_t value);      // integer
  void add(std::int16_t value);      // smallint
  void add(bool value);              // boolean
  void add(std::string_view value);  // text
  void add(const char* value);       // text; without it a literal would become a bool
  void add(const Uuid& value);       // uuid
  void add_null(std::uint32_t type_oid);
  void add_bytes(std::string_view value);  // bytea

  void add_array(std::span<const std::int64_t> values);  // bigint[]
  void add_array(std::span<const std::int32_t> values);  // integer[]
  void add_array(std::span<const std::int16_t> values);  // smallint[]
  void add_array(std::span<const std::uint8_t> values);  // boolean[]
  void add_array(std::span<const Uuid> values);          // uuid[]
  void add_array(std::span<const std::string> values);   // text[]
  /// By alternative. Takes exactly a ColumnArray, so that a std::vector goes to its span above.
  template <std::same_as<ColumnArray> Column>
  void add_array(const Column& values) {
    std::visit([this](const auto& column) { add_array(std::span{column}); }, values);
  }
  void add_text_array(std::span<const std::optional<std::string_view>> values);   // text[]
  void add_bytes_array(std::span<const std::optional<std::string_view>> values);  // bytea[]
  void add_json_array(std::span<const std::optional<std::string_view>> values);   // jsonb[]
  void add_time_array(std::span<const WallTime> values);  // timestamptz[]; epoch 0 is NULL

  void clear() noexcept;
  [[nodiscard]] int size() const noexcept;
  /// Bytes of all values, for bounds and metrics.
  [[nodiscard]] std::size_t bytes() const noexcept;

  // For PQsendQueryPrepared / PQsendPrepare; valid until the next add or clear.
  [[nodiscard]] const std::uint32_t* type_oids() const;
  [[nodiscard]] const char* const* values() const;
  [[nodiscard]] const int* lengths() const;
  [[nodiscard]] const int* formats() const;

 private:
  /// Everything in buffer_ from `begin` on is the next parameter.
  void finish(std::size_t begin, std::uint32_t type_oid);
  template <typename T>
  void add_scalar(const T& value, std::uint32_t type_oid);
  template <typename T>
  void add_fixed_array(std::span<const T> values,
                       std::uint32_t element_oid,
                       std::uint32_t array_oid);

  std::string buffer_;
  std::vector<std::size_t> begins_;  // offsets, because buffer_ moves while it grows
  std::vector<std::uint32_t> oids_;
  std::vector<int> lengths_, formats_;
  mutable std::vector<const char*> pointers_;
};

}  // namespace pawl::postgres
