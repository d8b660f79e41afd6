// What an engine is told at its start.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "pawl/codec/dead_letter_headers.h"
#include "pawl/engine/ports.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::engine {

/// Who writes the rows that commands touch. owned: nobody else, so what was only read needs no
/// check. shared: others all the time, so rows are locked as they are loaded. adaptive: the engine
/// finds out.
enum class StateSharing { adaptive, owned, shared };

/// What becomes of a command whose type no handler knows. retry_later: it waits like a failed one,
/// by the policy of handlers, for a process that knows it, as in a rolling deploy.
enum class UnknownType { dead_letter, retry_later };

/// Where dead letters go, and in whose words their headers say why.
struct DeadLetterTopic {
  /// Implicit: a name alone is a topic in our own words.
  DeadLetterTopic(std::convertible_to<std::string> auto&& topic,
                  codec::HeaderStyle style = codec::HeaderStyle::native)
      : name(std::forward<decltype(topic)>(topic)), header_style(style) {}
  operator std::string_view() const noexcept { return name; }

  std::string name;
  codec::HeaderStyle header_style;
};

struct EngineSettings {
  std::string consumer;
  std::string events_topic;
  DeadLetterTopic dead_letter_topic{""};
  StartFrom start_from = StartFrom::earliest;
  int in_flight = 2;  // batches decided before the oldest is known to be committed
  StateSharing sharing = StateSharing::adaptive;
  std::size_t overlap_min = 32;  // commands that start while another batch is in flight
  std::size_t batch_commands_max = 2000;
  std::size_t batch_bytes_max = 1 << 20;
  RetryPolicies retry{};                                       // of one command
  std::map<std::string, OnFailure, std::less<>> on_failure{};  // by command type; others: park_key
  UnknownType unknown_type = UnknownType::dead_letter;
  std::size_t parked_per_key_max = 10'000;  // commands
  std::size_t parked_per_lane_max = 100'000;
  Backoff probing{std::chrono::milliseconds{100},
                  std::chrono::milliseconds{5'000}};  // while the database or the broker is away
  std::chrono::milliseconds release_budget{
      5000};  // to end batches in flight when lanes are taken away
  std::chrono::milliseconds answer_max{
      40'000};  // of the database; above the sessions' statement_timeout, which ends slow work
};

}  // namespace pawl::engine
