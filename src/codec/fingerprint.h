// Tells one content from another: of payloads under one message id, of failures of one kind.
#pragma once

#include <cstdint>
#include <string_view>

namespace pawl::codec {

/// XXH3-64 of the bytes, stable across versions and machines; stored in pawl.inbox and
/// pawl.dead_letter. Thread-safe.
[[nodiscard]] std::int64_t fingerprint(std::string_view bytes) noexcept;

}  // namespace pawl::codec
