// A Kafka record as received, without any Kafka library behind it.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
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

/// A copy of bytes that a record keeps.
[[nodiscard]] inline std::optional<std::string> owned(std::optional<std::string_view> bytes) {
  return bytes ? std::optional<std::string>(*bytes) : std::nullopt;
}

/// Keeps the bytes that a record's views point into.
using RecordOwner = std::unique_ptr<void, void (*)(void*)>;

/// All views live as long as `owner`. Move-only.
struct Record {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  WallTime timestamp{};                   // epoch 0 when the record has none
  std::optional<std::string_view> key;    // no key is not the empty key
  std::optional<std::string_view> value;  // no value: a tombstone
  std::vector<Header> headers;
  RecordOwner owner{nullptr, +[](void*) {}};

  /// What this record counts against byte bounds.
  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t sum = (key ? key->size() : 0) + (value ? value->size() : 0);
    for (const Header& header : headers) {
      sum += header.name.size() + (header.value ? header.value->size() : 0);
    }
    return sum;
  }

  /// The last header of that name (Kafka allows repeats; the last one wins), or null.
  [[nodiscard]] const Header* header(std::string_view name) const noexcept {
    for (auto it = headers.rbegin(); it != headers.rend(); ++it) {
      if (it->name == name) return &*it;
    }
    return nullptr;
  }
};

}  // namespace pawl
