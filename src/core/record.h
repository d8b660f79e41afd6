// A Kafka record as received, without any Kafka library behind it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/core/clock.h"

namespace pawl {

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
};

/// A header; `value` is empty-optional when Kafka holds a null.
struct Header {
  std::string_view name;
  std::optional<std::string_view> value;
};

/// Who set a record's timestamp.
enum class TimestampType : std::uint8_t { none, create, log_append };

/// A copy of bytes that a record keeps.
[[nodiscard]] inline std::optional<std::string> owned(std::optional<std::string_view> bytes) {
  return bytes ? std::optional<std::string>(*bytes) : std::nullopt;
}

/// A record with its bytes, which lie in one block: nothing else must stay for it. Made by
/// make_record(). Move-only; views live as long as the record, wherever it is moved to.
struct Record {
  std::int32_t partition = 0;
  TimestampType timestamp_type = TimestampType::none;
  std::int64_t offset = 0;
  WallTime timestamp{};                   // epoch 0 when the record has none
  std::optional<std::string_view> key;    // no key is not the empty key
  std::optional<std::string_view> value;  // no value: a tombstone
  std::size_t bytes = 0;  // key, value, names and values of headers: what counts against bounds

  /// Headers are numbered from 0 in their order; empty behind the last one.
  [[nodiscard]] std::optional<Header> header_at(std::size_t index) const noexcept;

  /// The last header of that name (Kafka allows repeats; the last one wins), or empty.
  [[nodiscard]] std::optional<Header> header(std::string_view name) const noexcept;

 private:
  friend Record make_record(std::optional<std::string_view> key,
                            std::optional<std::string_view> value,
                            std::span<const Header> headers);

  // The number of headers; for each of them where its name ends and where its value ends, counted
  // from the first name; then the names and values themselves, the key, the value.
  std::unique_ptr<std::uint32_t[]> block_;
};

/// A record at offset 0 of partition 0, its bytes copied. Throws std::length_error from 2 GiB on,
/// which is more than Kafka can hold.
[[nodiscard]] Record make_record(std::optional<std::string_view> key,
                                 std::optional<std::string_view> value,
                                 std::span<const Header> headers);

/// Views into the record, in their order.
[[nodiscard]] std::vector<Header> headers_of(const Record& record);

}  // namespace pawl
