#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

#include "pawl/core/event_fd.h"

namespace pawl {
namespace {

bool readable(const EventFd& event, int timeout_ms) {
  pollfd entry{event.fd(), POLLIN, 0};
  return ::poll(&entry, 1, timeout_ms) == 1;
}

TEST(EventFd, ManyWakesAreOne) {
  EventFd event;
  EXPECT_FALSE(readable(event, 0));
  EXPECT_FALSE(event.drain());
  event.wake();
  event.wake();
  EXPECT_TRUE(readable(event, 0));
  EXPECT_TRUE(event.drain());
  EXPECT_FALSE(event.drain());
}

TEST(EventFd, EndsAWaitOfAnotherThread) {
  EventFd event;
  std::jthread waker([&] { event.wake(); });
  EXPECT_TRUE(readable(event, 30'000));
}

}  // namespace
}  // namespace pawl
