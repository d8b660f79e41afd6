// A Protobuf message type as the engine sees it: a name and functions. No Protobuf header is
// included here, so the engine stays free of them; the template below needs the generated header of
// the type it is used with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pawl/codec/message_arena.h"

namespace google::protobuf {
class Message;
}

namespace pawl::codec {

/// Why JSON is not a message of a type.
struct JsonProblem {
  std::string text;       // names the field, quotes no value of the payload
  bool is_newer = false;  // all that is wrong is fields that this program's schema does not have
};

/// One type of command. Immutable and usable from any thread; must outlive what was decoded with
/// it. The messages are handed out as `const void*` to the type that command_type_of() was called
/// with.
struct CommandType {
  /// Full Protobuf name, such as "ledger.v1.TransferFunds".
  std::string name;
  /// Reads the binary format; null when the bytes are not such a message.
  const void* (*parse_binary)(std::string_view bytes, MessageArena& arena);
  /// Reads Protobuf's JSON form; null when it does not fit, and then `problem` says why.
  const void* (*parse_json)(std::string_view json, MessageArena& arena, JsonProblem& problem);
  /// The binary format of a message of this type.
  std::string (*serialize)(const void* message);
  /// Protobuf's JSON form of it, indented, for people.
  std::string (*to_json)(const void* message);
  /// Its handler works on the database itself; others decide on rows in memory.
  bool own_sql = false;
};

/// Details of command_type_of(), in command_type.cc to keep Protobuf's headers out of this one.
bool fill_from_binary(google::protobuf::Message& message, std::string_view bytes);
bool fill_from_json(google::protobuf::Message& message,
                    std::string_view json,
                    JsonProblem& problem);
std::string serialized(const google::protobuf::Message& message);
std::string json_of(const google::protobuf::Message& message);

/// Describes a generated message type.
template <class T>
[[nodiscard]] CommandType command_type_of() {
  return {
      T::descriptor()->full_name(),
      [](std::string_view bytes, MessageArena& arena) -> const void* {
        T* message = T::default_instance().New(arena.get());
        return fill_from_binary(*message, bytes) ? message : nullptr;
      },
      [](std::string_view json, MessageArena& arena, JsonProblem& problem) -> const void* {
        T* message = T::default_instance().New(arena.get());
        return fill_from_json(*message, json, problem) ? message : nullptr;
      },
      [](const void* message) { return serialized(*static_cast<const T*>(message)); },
      [](const void* message) { return json_of(*static_cast<const T*>(message)); },
  };
}

}  // namespace pawl::codec
