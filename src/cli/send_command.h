#pragma once

#include <span>

#include "pawl/cli/command_keys.h"
#include "pawl/cli/invocation.h"
#include "pawl/codec/command_type.h"

namespace pawl::cli {

/// What `pawl send` knows of a domain.
struct SendableTypes {
  std::vector<const codec::CommandType*> types;
  KeyFields keys;
};

/// `pawl send`: one command from JSON, checked against its type before it leaves.
void add_send(CLI::App& app, Invocation& invocation, SendableTypes types);

}  // namespace pawl::cli
