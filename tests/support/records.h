// Records that a test writes, without Kafka.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pawl/core/record.h"

namespace pawl::test {

/// A record's bytes; a header is its name and its value, or null.
struct RecordBytes {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

/// A record at offset 0 of partition 0 that owns `bytes`.
inline Record make_record(RecordBytes bytes) {
  static constexpr RecordBacking::Kind kKind{
      .destroy = [](void* owned) noexcept { delete static_cast<RecordBytes*>(owned); },
      .header = [](const void* owned, std::size_t index) noexcept -> std::optional<Header> {
        const auto& headers = static_cast<const RecordBytes*>(owned)->headers;
        if (index >= headers.size()) return std::nullopt;
        return Header{headers[index].first, headers[index].second};
      }};
  auto* owned = new RecordBytes(std::move(bytes));
  Record record;
  record.key = owned->key;
  record.value = owned->value;
  record.backing = RecordBacking{owned, owned, kKind};
  record.bytes = bytes_of(record);
  return record;
}

}  // namespace pawl::test
