#include "pawl/consumer/policies.h"

#include <stdexcept>

namespace pawl {
namespace {

config::Retry configured(const RetryPolicy& policy) {
  return {.immediate = policy.immediate,
          .delay_min = policy.backoff.delay_min,
          .delay_max = policy.backoff.delay_max,
          .delay_factor = policy.backoff.factor,
          .attempts_max = policy.attempts_max,
          .age_max = policy.age_max};
}

config::OnFailure configured(OnFailure on_failure) {
  switch (on_failure) {
    case OnFailure::park_key:
      return config::OnFailure::park_key;
    case OnFailure::block_lane:
      return config::OnFailure::block_lane;
    case OnFailure::skip_order:
      return config::OnFailure::skip_order;
    case OnFailure::dead_letter:
      return config::OnFailure::dead_letter;
  }
  throw std::logic_error("impossible on_failure");
}

}  // namespace

config::Defaults defaults_of(const Registration& registration) {
  config::Defaults defaults{.domain = registration.name,
                            .consumer = registration.name,
                            .retry = {.handler = configured(registration.retry.handler),
                                      .database = configured(registration.retry.database),
                                      .outside = configured(registration.retry.outside)}};
  for (const auto& [type, on_failure] : registration.on_failure)
    defaults.on_failure.emplace(type, configured(on_failure));
  for (const codec::CommandType* type : registration.types)
    defaults.command_types.push_back(type->name);
  return defaults;
}

RetryPolicy retry_policy(const config::Retry& retry) {
  return {.attempts_max = retry.attempts_max,
          .immediate = retry.immediate,
          .backoff = {retry.delay_min, retry.delay_max, retry.delay_factor},
          .age_max = retry.age_max};
}

RetryPolicies retry_policies(const config::Retries& retries) {
  return {.handler = retry_policy(retries.handler),
          .database = retry_policy(retries.database),
          .outside = retry_policy(retries.outside)};
}

OnFailure on_failure(config::OnFailure on_failure) {
  switch (on_failure) {
    case config::OnFailure::park_key:
      return OnFailure::park_key;
    case config::OnFailure::block_lane:
      return OnFailure::block_lane;
    case config::OnFailure::skip_order:
      return OnFailure::skip_order;
    case config::OnFailure::dead_letter:
      return OnFailure::dead_letter;
  }
  throw std::logic_error("impossible on_failure");
}

}  // namespace pawl
