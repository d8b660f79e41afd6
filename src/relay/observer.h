// What the relay tells while it runs. Called from the relay's thread; must not wait.
#pragma once

#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/core/log_level.h"

namespace pawl::relay {

struct PublishedEvent {
  WallTime caused_at;        // when the command was produced, by its producer's clock; epoch 0: unknown
  WallTime created_at;       // when its transaction began, by the database's clock
  WallTime acknowledged_at;  // by this process's clock
};

class Observer {
 public:
  virtual ~Observer() = default;
  /// Once per event, when it and all before it are acknowledged.
  virtual void published(const PublishedEvent& event) = 0;
  /// Log lines: rare, without payloads or secrets.
  virtual void say(LogLevel level, std::string_view text) = 0;
};

}  // namespace pawl::relay
