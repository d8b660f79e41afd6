#include "pawl/engine/mailbox.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

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
  for (std::uint64_t expected = 1; expected <= 1000;) {
    if (const auto event = mailbox.take()) EXPECT_EQ(std::get<Assigned>(*event).assignment, expected++);
  }
}

}  // namespace
}  // namespace pawl::engine
