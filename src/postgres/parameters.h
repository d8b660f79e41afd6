// Binary parameters of one statement. Values are copied in; the object may be reused after clear().
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/columns.h"
#include "pawl/core/uuid.h"

namespace pawl::postgres {

/// Each add…() appends the next parameter ($1, $2, …) in PostgreSQL's binary format. Arrays are one-dimensional;
/// an empty optional is a NULL element. Not thread-safe.
class Parameters {
 public:
  void add(std::int64_t value);                         // bigint
  void add(std::int32_t value);                         // integer
  void add(std::int16_t value);                         // smallint
  void add(bool value);                                 // boolean
  void add(std::string_view value);                     // text
  void add(const Uuid& value);                          // uuid
  void add_null(std::uint32_t type_oid);
  void add_bytes(std::string_view value);               // bytea

  void add_array(std::span<const std::int64_t> values);             // bigint[]
  void add_array(std::span<const std::int32_t> values);             // integer[]
  void add_array(std::span<const std::int16_t> values);             // smallint[]
  void add_array(std::span<const std::uint8_t> values);             // boolean[]
  void add_array(std::span<const Uuid> values);                     // uuid[]
  void add_array(std::span<const std::string> values);              // text[]
  void add_array(const ColumnArray& values);                        // by alternative
  void add_text_array(std::span<const std::optional<std::string_view>> values);   // text[]
  void add_bytes_array(std::span<const std::optional<std::string_view>> values);  // bytea[]
  void add_json_array(std::span<const std::optional<std::string_view>> values);   // jsonb[]
  void add_time_array(std::span<const WallTime> values);            // timestamptz[]; epoch 0 is NULL

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
  struct Slot {
    std::size_t begin;
    int length;  // -1: NULL
  };
  std::string buffer_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> oids_;
  std::vector<int> lengths_, formats_;
  mutable std::vector<const char*> pointers_;
};

}  // namespace pawl::postgres
