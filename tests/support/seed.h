// Chance in tests: different every time, and repeatable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pawl::test {

/// This run's seed: PAWL_TEST_SEED, otherwise random. Printed once, so a failure can be run again.
/// Any thread.
[[nodiscard]] std::uint64_t seed();

/// A name that no other test or run uses, for topics and consumer groups: "transfers-3-9f27c1".
[[nodiscard]] std::string unique_name(std::string_view stem);

}  // namespace pawl::test
