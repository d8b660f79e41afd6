// Which dead letters are meant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/codec/failure_kind.h"
#include "pawl/core/clock.h"
#include "pawl/core/uuid.h"
#include "pawl/postgres/parameters.h"

namespace pawl::dead_letters {

/// What has become of a dead letter.
enum class State {
  dead,       // waits for somebody to decide
  redriven,   // was handed back to its consumer
  discarded,  // somebody has decided that it stays dead
};
[[nodiscard]] std::string_view to_string(State state) noexcept;
/// Empty for another word.
[[nodiscard]] std::optional<State> parse_state(std::string_view word) noexcept;

/// All that is set must fit.
struct Filter {
  std::int16_t consumer = 0;  // its number in pawl.consumer
  std::optional<State> state{};
  std::vector<Uuid> ids{};                    // of dead letters; none given: any
  std::optional<std::string> type{};          // full name, as the record claimed it
  std::optional<std::int64_t> fingerprint{};  // of the failure
  std::optional<std::string> key{};           // bytes of the record's key
  std::optional<WallTime> since{};            // of the last failure, included
  std::optional<WallTime> until{};            // of the last failure, excluded
};

/// The condition in SQL on pawl.dead_letter; what it compares with is appended to `parameters`.
[[nodiscard]] std::string condition(const Filter& filter, postgres::Parameters& parameters);

/// For pawl.audit: an object of what is set, without the consumer.
[[nodiscard]] std::string to_json(const Filter& filter);

using codec::fingerprint_text;
/// The reverse; empty for anything but 16 hexadecimal digits.
[[nodiscard]] std::optional<std::int64_t> parse_fingerprint(std::string_view text) noexcept;

}  // namespace pawl::dead_letters
