#include "bench/interrupt.h"

#include <pthread.h>

namespace pawl::bench {

Interrupt::Interrupt() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

void Interrupt::pause(std::chrono::nanoseconds time) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const timespec wait{seconds.count(), (time - seconds).count()};
  if (sigtimedwait(&set_, nullptr, &wait) > 0) throw Interrupted{};
}

bool Interrupt::pending() const {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

void Interrupt::pause_until(SteadyTime time) const {
  while (true) {
    const auto left = time - std::chrono::steady_clock::now();
    if (left <= left.zero()) return;
    pause(left);
  }
}

}  // namespace pawl::bench
