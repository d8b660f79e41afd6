// What a source (file, environment, command line) holds, before anybody has judged it. Internal to
// config.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pawl::config {

/// Text of the environment or the command line: whether it is a number, a switch or a text is
/// decided by the setting.
struct Untyped {
  std::string text;
};

/// A value of a type that no setting has; the words name it for the fault: "a list".
struct OtherType {
  std::string name;
};

struct EmptySection {};

using RawValue = std::variant<bool, std::int64_t, std::string, Untyped, OtherType, EmptySection>;

/// The text of a string, wherever it came from; null for everything else.
[[nodiscard]] const std::string* text_of(const RawValue& raw);

/// A TOML integer, or a number in the environment. A text in quotes is no number in TOML.
[[nodiscard]] std::optional<std::int64_t> integer_of(const RawValue& raw);

/// As one would write it in TOML, for faults.
[[nodiscard]] std::string describe(const RawValue& raw);

struct Found {
  std::string name;    // setting's name, "kafka.properties.NAME", or either with "_file" at its end
  std::string where;   // "pawl.toml:12" or the variable, for faults
  std::string origin;  // the same for --print-config
  RawValue value;
  std::uint32_t line = 0;  // in a file
};

/// Entries of one rank: two of them for one setting contradict each other, an entry of a later
/// layer wins.
using Layer = std::vector<Found>;

}  // namespace pawl::config
