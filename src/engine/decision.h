// What a decider answers: events, or a rejection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/uuid.h"

namespace pawl {

/// The envelope of the command that is being decided. Views live during the call.
struct CommandInfo {
  Uuid id;                   // message id; a foreign id is hashed into one
  std::string_view id_text;  // the id as it was sent
  std::string_view type;     // full Protobuf message name
  std::string_view source;   // CloudEvents source
  std::string_view key;      // ordering key; empty when the record has none
  WallTime produced_at;      // Kafka's timestamp
};

/// An event on its way into the outbox, serialized. `type` must stay as long as the program runs,
/// as the name that a descriptor holds does. `key` empty: the command's own key.
struct Emitted {
  std::string_view type;
  std::string payload;
  std::optional<std::string> key;
};

/// Serializes a Protobuf event. `key` only where readers need another order than the command's.
template <class Event>
[[nodiscard]] Emitted event(const Event& message, std::optional<std::string> key = std::nullopt) {
  return {Event::descriptor()->full_name(), message.SerializeAsString(), std::move(key)};
}

/// An event as it is handed over: a Protobuf message, or serialized already.
template <class Event>
[[nodiscard]] Emitted to_emitted(const Event& message) {
  if constexpr (std::is_same_v<Event, Emitted>) {
    return message;
  } else {
    return event(message);
  }
}

/// An empty event to fill, one for each thread and type. It keeps its memory from call to call,
/// where a new one would allocate for each text field; valid until the next call for this type.
template <class Event>
[[nodiscard]] Event& blank() {
  thread_local Event event;
  event.Clear();
  return event;
}

/// Made by emit(), reject() or done(); the engine reads it.
class Decision {
 public:
  [[nodiscard]] bool rejected() const noexcept { return rejected_; }
  /// A stable word such as "insufficient_funds"; stored and counted. Empty unless rejected.
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::vector<Emitted>& events() const noexcept { return events_; }

 private:
  friend Decision reject(std::string_view code);
  template <class... Events>
  friend Decision emit(const Events&... events);
  bool rejected_ = false;
  std::string code_;
  std::vector<Emitted> events_;
};

/// The command took effect; these events say so. Each is a Protobuf message or an Emitted. None is
/// fine.
template <class... Events>
[[nodiscard]] Decision emit(const Events&... events) {
  Decision decision;
  decision.events_.reserve(sizeof...(events));
  (decision.events_.push_back(to_emitted(events)), ...);
  return decision;
}

/// The command took effect, and nobody needs to hear of it (or Context::emit() has said it).
[[nodiscard]] inline Decision done() {
  return {};
}

/// The business says no. Every change that was made is undone; the rejection itself is
/// committed.
[[nodiscard]] inline Decision reject(std::string_view code) {
  Decision decision;
  decision.rejected_ = true;
  decision.code_ = code;
  return decision;
}

}  // namespace pawl
