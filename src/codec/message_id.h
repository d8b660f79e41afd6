// Which UUID a message is known by: in the inbox, in the outbox, in dead letters.
#pragma once

#include <cstdint>
#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/core/uuid.h"

namespace pawl::codec {

/// The id that a command is deduplicated by. An `id` that is a UUID (36 characters, either case) is
/// used as it is: the same UUID from two sources is then the same command, which is what a UUID
/// promises. Any other id is hashed together with its source: SHA-256 of source, a zero byte, id;
/// its first 16 bytes as a version 8 UUID. Deterministic, so a producer's repeat is found again.
/// Thread-safe.
[[nodiscard]] Uuid message_id(std::string_view source, std::string_view id);

/// A stand-in for a record that has no readable id, from where it lies. The same each time the
/// record is read. Thread-safe.
[[nodiscard]] Uuid id_of_position(std::string_view topic,
                                  std::int32_t partition,
                                  std::int64_t offset);

/// An id for a message that begins here: version 7, stamped with `now`, the rest by chance. Draws
/// from the system for each, so it is for operators' commands, not for events. Thread-safe.
[[nodiscard]] Uuid new_message_id(WallTime now);

}  // namespace pawl::codec
