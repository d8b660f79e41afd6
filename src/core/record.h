// A Kafka record as received, without any Kafka library behind it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

/// Keeps the bytes that a record's views point into, and reads its headers where they lie, so that
/// a record needs no list of them. Move-only; used by one thread at a time. All views live as long
/// as it does.
class RecordBacking {
 public:
  /// How one kind of bytes is read and given back. A constant: backings point to it.
  struct Kind {
    void (*destroy)(void* owned) noexcept;
    /// Empty behind the last header.
    std::optional<Header> (*header)(const void* headers, std::size_t index) noexcept;
  };

  /// Owns nothing and has no headers.
  RecordBacking() = default;
  /// `headers` is what kind.header() is asked with, and lives as long as `owned`; null: there are
  /// none.
  RecordBacking(void* owned, const void* headers, const Kind& kind) noexcept
      : owned_(owned, {&kind}), headers_(headers) {}

  [[nodiscard]] std::optional<Header> header(std::size_t index) const noexcept {
    if (headers_ == nullptr) return std::nullopt;
    return owned_.get_deleter().kind->header(headers_, index);
  }

 private:
  struct Destroy {
    const Kind* kind;  // null only when nothing is owned
    void operator()(void* owned) const noexcept { kind->destroy(owned); }
  };

  std::unique_ptr<void, Destroy> owned_;
  const void* headers_ = nullptr;
};

/// All views live as long as `backing`. Move-only.
struct Record {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  WallTime timestamp{};                   // epoch 0 when the record has none
  std::optional<std::string_view> key;    // no key is not the empty key
  std::optional<std::string_view> value;  // no value: a tombstone
  std::size_t bytes = 0;                  // see bytes_of()
  RecordBacking backing;

  /// Headers are numbered from 0 in their order; empty behind the last one.
  [[nodiscard]] std::optional<Header> header_at(std::size_t index) const noexcept {
    return backing.header(index);
  }

  /// The last header of that name (Kafka allows repeats; the last one wins), or empty.
  [[nodiscard]] std::optional<Header> header(std::string_view name) const noexcept {
    std::optional<Header> found;
    for (std::size_t i = 0; const auto header = header_at(i); ++i) {
      if (header->name == name) found = header;
    }
    return found;
  }
};
static_assert(sizeof(Record) <= 104, "a record is moved several times on its way: keep it small");

/// What a record counts against byte bounds: key, value, names and values of its headers. Whoever
/// makes a record counts them once, into its `bytes`.
[[nodiscard]] inline std::size_t bytes_of(const Record& record) noexcept {
  std::size_t sum =
      (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  for (std::size_t i = 0; const auto header = record.header_at(i); ++i) {
    sum += header->name.size() + (header->value ? header->value->size() : 0);
  }
  return sum;
}

}  // namespace pawl
