#include "pawl/core/event_fd.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace pawl {
namespace {

bool readable(const EventFd& event, int timeout_ms) {
  pollfd entry{event.fd(), POLLIN, 0};
  return ::poll(&entry, 1, timeout_ms) == 1;
}

TEST(EventFdTest, AWakeFromAnotherThreadIsSeenOnce) {
  EventFd event;
  EXPECT_FALSE(readable(event, 0));
  EXPECT_FALSE(event.drain());
  std::thread other{[&] {
    event.wake();
    event.wake();
  }};
  EXPECT_TRUE(readable(event, 10'000));
  other.join();
  EXPECT_TRUE(event.drain());
  EXPECT_FALSE(event.drain());
}

}  // namespace
}  // namespace pawl
