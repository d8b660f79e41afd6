// What a consumer is made of, without its types: its name, its command types, how to make one
// engine's copy of its handlers, and what is to happen when they fail.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pawl/engine/domain.h"
#include "pawl/retry/retry_policy.h"

namespace pawl {

struct Registration {
  std::string name;
  std::vector<const codec::CommandType*> types;
  std::function<std::unique_ptr<engine::Domain>()> make_domain;
  RetryPolicies retry{};
  std::map<std::string, OnFailure, std::less<>> on_failure{};  // by command type; others: park_key
};

/// The whole program: options, configuration, parts, signals. Returns the exit code: 0 after a
/// clean stop, 64 wrong options, 78 wrong configuration, 1 anything else.
int run_consumer(const Registration& registration, int argc, char** argv);

}  // namespace pawl
