#include "pawl/engine/dead_letter.h"

#include "pawl/codec/dead_letter_headers.h"
#include "pawl/codec/failure_kind.h"
#include "pawl/codec/headers_json.h"
#include "pawl/codec/message_id.h"
#include "pawl/codec/text.h"

namespace pawl::engine {
namespace {

constexpr std::size_t kTextBytesMax = 4096;

}  // namespace

std::string storable(const std::string& text) {
  if (!codec::is_text(text)) return codec::in_quotes(text);
  return std::string(codec::cut_text(text, kTextBytesMax));
}

Uuid message_id_of(const Item& item) {
  if (item.decoded) return item.decoded->id;
  const TopicPartition& lane = item.lane->id();
  return item.decoded.error().id.value_or(
      codec::id_of_position(lane.topic, lane.partition, item.pending.record.offset));
}

const std::string& type_of(const Item& item) {
  return item.decoded ? item.decoded->type->name : item.decoded.error().type;
}

DeadLetter make_dead_letter(const Item& item, const FailureNote& failure) {
  const Record& record = item.pending.record;
  DeadLetter letter;
  letter.lane = item.lane->id();
  letter.offset = record.offset;
  letter.record_time = record.timestamp;
  letter.message_id = message_id_of(item);
  letter.type = type_of(item);
  letter.key = owned(record.key);
  letter.headers = codec::headers_json(headers_of(record));
  letter.payload = owned(record.value);
  letter.failure_class = failure.failure_class;
  letter.code = storable(failure.code);
  letter.text = storable(failure.text);
  letter.fingerprint = codec::failure_fingerprint(letter.failure_class, letter.code, letter.text);
  letter.attempts = item.attempt();
  letter.tried = letter.attempts;
  if (item.pending.parked) {
    letter.tried -= item.pending.attempts;
    letter.held_as = item.pending.parked->held;
  }
  return letter;
}

void add_dead_letter_record(const DeadLetter& letter,
                            const Item& item,
                            const DeadLetterRecord& about,
                            OutboxRows& into) {
  const codec::DeathNote note{.topic = letter.lane.topic,
                              .partition = letter.lane.partition,
                              .offset = letter.offset,
                              .record_time = letter.record_time,
                              .timestamp_type = item.pending.record.timestamp_type,
                              .message_id = letter.message_id,
                              .type = letter.type,
                              .consumer = about.consumer,
                              .attempts = letter.attempts,
                              .first_failed_at = about.died_at - letter.failing_for,
                              .last_failed_at = about.died_at,
                              .failure_class = letter.failure_class,
                              .code = letter.code,
                              .text = letter.text,
                              .fingerprint = letter.fingerprint};
  const std::string headers = codec::dead_letter_headers_json(
      headers_of(item.pending.record), note, about.topic.header_style);
  into.add({.topic = about.topic.name,
            .key = letter.key,
            .id = about.id,
            .type = letter.type,
            .source = about.consumer,
            .content_type = "application/octet-stream",
            .headers = headers,
            .payload = letter.payload,
            .caused_at = letter.record_time,
            .created_at = about.created_at});
}

}  // namespace pawl::engine
