#include "pawl/postgres/wait.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <vector>

namespace pawl::postgres {
namespace {

/// Of one poll(2). On the stack for the usual two or three, because every batch waits a few times.
class PollList {
 public:
  void add(int fd, short events) {
    if (count_ < few_.size()) {
      few_[count_] = {fd, events, 0};
    } else {
      if (many_.empty()) many_.assign(few_.begin(), few_.end());
      many_.push_back({fd, events, 0});
    }
    ++count_;
  }
  pollfd* data() { return many_.empty() ? few_.data() : many_.data(); }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  std::array<pollfd, 8> few_{};
  std::vector<pollfd> many_;
  std::size_t count_ = 0;
};

}  // namespace

bool wait_until_readable(std::span<Connection* const> connections,
                         int extra_fd,
                         std::chrono::milliseconds timeout) {
  PollList list;
  for (const Connection* connection : connections) {
    if (!connection) continue;
    const int events = connection->wants_write() ? POLLIN | POLLOUT : POLLIN;
    list.add(connection->socket(),
             static_cast<short>(events));  // a lost one has -1, which poll passes over
  }
  if (extra_fd != kNoFd) list.add(extra_fd, POLLIN);
  const auto wait_ms = std::min<std::int64_t>(timeout.count(), std::numeric_limits<int>::max());
  const int ready = ::poll(list.data(), list.size(), static_cast<int>(wait_ms));
  if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  for (Connection* connection : connections) {
    if (connection && connection->wants_write()) connection->flush();
  }
  return ready != 0;
}

}  // namespace pawl::postgres
