// Wakes a thread that waits in poll(2).
#pragma once

namespace pawl {

/// eventfd(2). The waiting thread owns it and polls fd() for reading; wake() may be called by any
/// thread, also inside a signal handler. Many wakes before one drain() are one.
class EventFd {
 public:
  /// Throws std::system_error when the process is out of file descriptors.
  EventFd();
  ~EventFd();
  EventFd(const EventFd&) = delete;
  EventFd& operator=(const EventFd&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_; }
  void wake() noexcept;
  /// Takes the wakes that have come; true when there was one. Never waits.
  bool drain() noexcept;

 private:
  int fd_;
};

}  // namespace pawl
