// One engine's copy of the user's handlers and tables, without their types.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pawl/codec/command_type.h"
#include "pawl/engine/decision.h"
#include "pawl/engine/table.h"

namespace pawl {
class Context;
}

namespace pawl::engine {

/// Made once per engine by the consumer's registration; used by that engine's thread.
class Domain {
 public:
  virtual ~Domain() = default;
  /// The tables that handlers touch; the same list at every call.
  [[nodiscard]] virtual std::span<Table* const> tables() = 0;
  /// Asks for the rows that this command will use.
  virtual void touch(const codec::CommandType& type, const void* message) = 0;
  /// Decides; may throw, which the engine takes for a failed attempt.
  virtual Decision decide(const codec::CommandType& type,
                          const void* message,
                          const CommandInfo& info) = 0;
  /// For types with own_sql, instead of the two above. May throw, too.
  virtual Decision handle(const codec::CommandType& type,
                          const void* message,
                          Context& context) = 0;
  /// The tables that such a handler may write.
  [[nodiscard]] virtual std::span<Table* const> written_by(const codec::CommandType& type) = 0;
  /// The event that says no, if the consumer has one.
  virtual std::optional<Emitted> rejection(const CommandInfo& info, const std::string& code) = 0;
};

}  // namespace pawl::engine
