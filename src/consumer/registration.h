// What a consumer is made of, without its types: its name, its command types, and how to make one
// engine's copy of its handlers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pawl/engine/domain.h"

namespace pawl {

struct Registration {
  std::string name;
  std::vector<const codec::CommandType*> types;
  std::function<std::unique_ptr<engine::Domain>()> make_domain;
};

/// The whole program: options, configuration, parts, signals. Returns the exit code: 0 after a
/// clean stop, 64 wrong options, 78 wrong configuration, 1 anything else.
int run_consumer(const Registration& registration, int argc, char** argv);

}  // namespace pawl
