#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "pawl/engine/mailbox.h"

namespace pawl::engine {
namespace {

TEST(Mailbox, KeepsTheOrderAndWakesForEach) {
  std::atomic<int> wakes = 0;
  Mailbox mailbox([&] { ++wakes; });
  EXPECT_FALSE(mailbox.take());
  mailbox.assigned(1, {{"t", 0}});
  mailbox.revoked(1, true);
  EXPECT_EQ(wakes, 2);
  const auto first = mailbox.take();
  ASSERT_TRUE(first);
  EXPECT_EQ(std::get<Assigned>(*first).lanes.size(), 1U);
  const auto second = mailbox.take();
  ASSERT_TRUE(second);
  EXPECT_TRUE(std::get<Revoked>(*second).lost);
  EXPECT_FALSE(mailbox.take());
  mailbox.wake();
  EXPECT_EQ(wakes, 3);
}

TEST(Mailbox, LettersComeFromAnotherThread) {
  Mailbox mailbox([] {});
  std::jthread sender([&] {
    for (std::uint64_t n = 1; n <= 1000; ++n) mailbox.assigned(n, {});
  });
  std::vector<std::uint64_t> received;
  const auto note = [&](const GroupEvent& event) {
    received.push_back(std::get<Assigned>(event).assignment);
  };
  while (received.size() < 1000) {
    if (const auto event = mailbox.take(); event.has_value()) note(event.value());
  }
  EXPECT_TRUE(std::ranges::is_sorted(received));
}

}  // namespace
}  // namespace pawl::engine
