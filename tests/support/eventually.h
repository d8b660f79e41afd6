// The only place where tests wait: for something to become true, and not for a time to pass.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>

namespace pawl::test {

/// Asks until `problem` answers with an empty text, at most until the deadline; the last answer is
/// shown then.
///   ASSERT_TRUE(eventually_without("outbox empty", [&] { return rows ? fmt::format("{} rows",
///   rows) : ""; }));
[[nodiscard]] testing::AssertionResult eventually_without(
    const std::string& what,
    const std::function<std::string()>& problem,
    std::chrono::milliseconds deadline = std::chrono::seconds{30});

/// Asks until `condition` is true.
///   ASSERT_TRUE(eventually("three events arrived", [&] { return events().size() == 3; }));
[[nodiscard]] testing::AssertionResult eventually(
    const std::string& what,
    const std::function<bool()>& condition,
    std::chrono::milliseconds deadline = std::chrono::seconds{30});

/// Acts again and again, `pause` apart, until the time is over: load and disturbances of a fixed
/// length. Not for waiting.
///   keep_doing([&] { gate.cut(); }, 1s, 60s);
void keep_doing(const std::function<void()>& act,
                std::chrono::milliseconds pause,
                std::chrono::milliseconds time);

}  // namespace pawl::test
