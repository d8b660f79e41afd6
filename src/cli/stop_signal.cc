#include "pawl/cli/stop_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace pawl::cli {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

timespec timespec_of(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {seconds.count(), (time - seconds).count()};
}

int open_signals() {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  return fd;
}

}  // namespace

StopSignal::StopSignal()
    : signals_(open_signals()), thread_([this](const std::stop_token& stop) { listen(stop); }) {}

StopSignal::~StopSignal() {
  thread_.request_stop();
  ended_.wake();
  thread_.join();
  close(signals_);
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool StopSignal::wait(std::chrono::nanoseconds time_max) {
  if (stopped_ || time_max.count() <= 0) return stopped_;
  pollfd wake{came_.fd(), POLLIN, 0};
  const timespec time = timespec_of(time_max);
  ppoll(&wake, 1, &time, nullptr);  // finer than poll(): a load's pace is below a millisecond
  return stopped_;
}

void StopSignal::pause(std::chrono::nanoseconds time) {
  const timespec wait = timespec_of(time);
  ppoll(nullptr, 0, &wait, nullptr);
}

void StopSignal::listen(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> ready{pollfd{signals_, POLLIN, 0}, pollfd{ended_.fd(), POLLIN, 0}};
    poll(ready.data(), ready.size(), -1);
    signalfd_siginfo info;
    while (read(signals_, &info, sizeof info) == sizeof info) {
      if (stopped_.exchange(true)) _exit(128 + static_cast<int>(info.ssi_signo));
      came_.wake();
    }
  }
}

}  // namespace pawl::cli
