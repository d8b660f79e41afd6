// Bytes to command: the step before the transaction.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "pawl/codec/command_type.h"
#include "pawl/codec/event_attributes.h"
#include "pawl/codec/message_arena.h"
#include "pawl/codec/plain_settings.h"
#include "pawl/codec/undecodable.h"
#include "pawl/core/record.h"

namespace pawl::codec {

/// A command read from a record. Its views and its message are valid as long as the record, the
/// topic's name and the arena (until its reset) that were given to decode(). All texts are UTF-8
/// without U+0000.
struct DecodedCommand {
  Uuid id;                   // message id, see message_id.h
  std::string_view id_text;  // the id as it was sent
  const CommandType* type;
  const void* message;      // to the type that command_type_of() was called with
  std::string_view source;  // CloudEvents source; in plain mode the topic's name
  std::optional<std::string_view> correlation_id;
  std::optional<std::string_view> traceparent;
  std::int64_t fingerprint;  // XXH3 of the payload's bytes: tells a repeat from another payload
                             // under the same id
  WallTime produced_at;      // Kafka's timestamp; epoch 0 when the record has none
};

/// Reads CloudEvents 1.0, binary and structured JSON mode, with Protobuf or JSON payloads, and,
/// where it is configured, plain records. Immutable after construction and usable from any thread,
/// each with its own arena. Stateless: the same record gives the same answer each time.
class CommandDecoder {
 public:
  /// Larger values end undecodable (too_large) before anything looks into them.
  static constexpr std::size_t kValueBytesMax = 16 * 1024 * 1024;

  /// `types` must outlive the decoder; none is null, names differ. With `plain`, records that carry
  /// neither ce_type nor ce_specversion nor a structured event's content type are read by it.
  /// Throws std::invalid_argument when two types have one name or plain.type is not among them.
  explicit CommandDecoder(std::vector<const CommandType*> types,
                          std::optional<PlainSettings> plain = std::nullopt,
                          std::size_t value_bytes_max = kValueBytesMax);
  ~CommandDecoder();
  CommandDecoder(const CommandDecoder&) = delete;
  CommandDecoder& operator=(const CommandDecoder&) = delete;

  /// `topic` is where the record was read. Never throws for what a record holds.
  [[nodiscard]] std::expected<DecodedCommand, Undecodable> decode(const Record& record,
                                                                  std::string_view topic,
                                                                  MessageArena& arena) const;

 private:
  struct Envelope;     // what was found around one payload
  struct PlainReader;  // plain settings, taken apart once
  using Decoded = std::expected<DecodedCommand, Undecodable>;

  Decoded decode_structured(const Record& record,
                            const EventAttributes& headers,
                            MessageArena& arena) const;
  Decoded decode_plain(const Record& record, std::string_view topic, MessageArena& arena) const;
  Decoded decode_event(const Envelope& envelope, MessageArena& arena) const;
  Decoded decode_payload(const Envelope& envelope,
                         DecodedCommand command,
                         MessageArena& arena) const;
  [[nodiscard]] const CommandType* find(std::string_view name) const noexcept;
  [[nodiscard]] std::string known_types() const;

  std::vector<const CommandType*> types_;  // by name
  std::unique_ptr<const PlainReader> plain_;
  std::size_t value_bytes_max_;
};

}  // namespace pawl::codec
