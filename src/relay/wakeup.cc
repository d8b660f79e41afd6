#include "pawl/relay/wakeup.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace pawl::relay {

Wakeup::Wakeup() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot create the relay's eventfd");
  }
}

Wakeup::~Wakeup() {
  close(descriptor_);
}

void Wakeup::signal() noexcept {
  if (signalled_.exchange(true)) return;
  const std::uint64_t one = 1;
  // A full counter is readable, which is all that is wanted.
  [[maybe_unused]] const auto written = write(descriptor_, &one, sizeof one);
}

void Wakeup::take() noexcept {
  signalled_.store(false);
}

// The flag is the truth; the descriptor only ends a wait and may do so once too often.
void Wakeup::wait(std::optional<int> socket, std::chrono::nanoseconds time_max) noexcept {
  if (signalled_.load()) return;
  pollfd descriptors[] = {{descriptor_, POLLIN, 0}, {socket.value_or(-1), POLLIN, 0}};
  const auto time = std::max(time_max, std::chrono::nanoseconds{0}).count();
  constexpr long kSecond = 1'000'000'000;
  const timespec limit{time / kSecond, time % kSecond};
  if (ppoll(descriptors, 2, &limit, nullptr) <= 0 || descriptors[0].revents == 0) return;
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = read(descriptor_, &count, sizeof count);
}

}  // namespace pawl::relay
