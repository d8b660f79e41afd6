// Record headers as JSON: how dead letters and parked commands keep them in a table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"

namespace pawl::codec {

/// A JSON array with one `[name, value]` per header, in order, repeats included. A value is its
/// text, {"base64": …} when it is not UTF-8 or holds U+0000 (which jsonb cannot), or null when
/// Kafka holds none. Kafka's names are text; in one that is not, wrong bytes become '?'.
/// Thread-safe.
[[nodiscard]] std::string headers_json(std::span<const Header> headers);

/// Headers that own their bytes.
struct OwnedHeader {
  std::string name;
  std::optional<std::string> value;
};

/// The reverse of headers_json(). Throws std::invalid_argument for any other text. Thread-safe.
[[nodiscard]] std::vector<OwnedHeader> headers_of_json(std::string_view json);

/// Why and where a record died. Texts should be UTF-8; bytes that are not become '?'.
struct DeathNote {
  std::string_view topic;
  std::int32_t partition;
  std::int64_t offset;
  std::string_view consumer;
  std::int64_t attempts;
  WallTime first_failed_at;
  WallTime last_failed_at;
  std::string_view failure_class;
  std::string_view code;
  std::string_view text;  // cut at 4 KiB; must not hold a payload
};

/// The headers of a dead-letter record, in the form of headers_json(): the original ones untouched,
/// then pawl_dead_topic, _partition, _offset, _consumer, _attempts, _first_failed_at,
/// _last_failed_at (RFC 3339, UTC), _class, _code and _text. A record that dies again has them
/// twice; the last ones count, as with all Kafka headers. Thread-safe.
[[nodiscard]] std::string dead_letter_headers_json(std::span<const Header> headers,
                                                   const DeathNote& note);

}  // namespace pawl::codec
