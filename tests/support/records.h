// Records that a test writes, without Kafka.
#pragma once

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

/// A record at offset 0 of partition 0.
inline Record make_record(const RecordBytes& bytes) {
  std::vector<Header> headers;
  for (const auto& [name, value] : bytes.headers) headers.push_back({name, value});
  return pawl::make_record(bytes.key, bytes.value, headers);
}

}  // namespace pawl::test
