// From a record that is given up on to its row and its record on the dead-letter topic.
#pragma once

#include <string>
#include <string_view>

#include "pawl/core/outbox_row.h"
#include "pawl/engine/batch.h"
#include "pawl/engine/settings.h"
#include "pawl/engine/store.h"

namespace pawl::engine {

/// What a handler threw may be anything; a column holds only text, at most 4 KiB of it.
[[nodiscard]] std::string storable(const std::string& text);

/// A record without a readable id gets one from where it lies.
[[nodiscard]] Uuid message_id_of(const Item& item);
/// As it was sent; empty when it cannot be read.
[[nodiscard]] const std::string& type_of(const Item& item);

/// The row of pawl.dead_letter. `failure` without payload; its text is cut to 4 KiB.
[[nodiscard]] DeadLetter make_dead_letter(const Item& item, const FailureNote& failure);

/// What the record for the dead-letter topic says beside the letter.
struct DeadLetterRecord {
  std::string_view consumer;
  const DeadLetterTopic& topic;
  Uuid id;
  WallTime died_at;     // by our clock
  WallTime created_at;  // the transaction's now()
};

/// Adds the record for the dead-letter topic: key, value and headers untouched, headers of the
/// topic's style added (codec/dead_letter_headers.h).
void add_dead_letter_record(const DeadLetter& letter,
                            const Item& item,
                            const DeadLetterRecord& about,
                            OutboxRows& into);

}  // namespace pawl::engine
