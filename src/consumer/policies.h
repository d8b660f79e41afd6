// What happens when commands fail, on its way from code over the configuration to the engine.
#pragma once

#include "pawl/config/load.h"
#include "pawl/consumer/registration.h"
#include "pawl/engine/settings.h"

namespace pawl {

/// What the configuration goes over: names, retries and types of this program's code.
[[nodiscard]] config::Defaults defaults_of(const Registration& registration);

[[nodiscard]] RetryPolicy retry_policy(const config::Retry& retry);
[[nodiscard]] RetryPolicies retry_policies(const config::Retries& retries);
[[nodiscard]] OnFailure on_failure(config::OnFailure on_failure);

}  // namespace pawl
