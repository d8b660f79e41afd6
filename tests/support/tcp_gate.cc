#include "support/tcp_gate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "pawl/core/event_fd.h"
#include "support/ports.h"

namespace pawl::test {
namespace tcp_gate {  // named: TcpGate::Impl holds some of it

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kReadBytes = 64 << 10;
constexpr std::size_t kQueueBytesMax = 1 << 20;  // of one direction; nothing is read beyond it
constexpr int kBacklog = 128;

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void set_option(int socket, int level, int name, int value) {
  checked(::setsockopt(socket, level, name, &value, sizeof value), "setsockopt");
}

int listen_on(std::uint16_t port) {
  const int socket =
      checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  const sockaddr_in address = local(port);
  checked(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  checked(::listen(socket, kBacklog), "listen");
  return socket;
}

// The kernel throws packets away that a socket's filter refuses, before TCP sees or answers them.
void drop_packets(int socket, bool drop) {
  sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{1, &nothing};
  if (drop) {
    checked(::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), "filter");
  } else {
    const int unused = 0;
    ::setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);  // if there is one
  }
}

// A peer that went while its packets were dropped has said so once, and will not again: it is
// asked.
void ask_whether_there(int socket, bool ask) {
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 1);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, ask ? 1 : 0);
}

void reset(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket);
}

/// One way of a connection: bytes that were read and are not written yet.
struct Direction {
  int from, to;
  std::deque<std::pair<Time, std::string>> queue{};
  std::size_t queued = 0;
  bool ended = false;  // nothing more comes
  bool told = false;   // and the other side knows

  [[nodiscard]] bool due(Time now) const {
    return !queue.empty() ? queue.front().first <= now : ended && !told;
  }
  [[nodiscard]] bool has_room() const { return !ended && queued < kQueueBytesMax; }
};

/// Both ends of a connection; reset when it goes.
struct Link {
  Link(int client, int server) : to_server{client, server}, to_client{server, client} {}
  ~Link() {
    reset(to_server.from);
    reset(to_server.to);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Direction to_server, to_client;
  std::string last;          // the client's last bytes, too few to hold the text
  bool answer_lost = false;  // the next bytes from the server end it
  bool over = false;
  [[nodiscard]] bool done() const { return over || (to_server.told && to_client.told); }
};

}  // namespace tcp_gate

using namespace tcp_gate;

class TcpGate::Impl {
 public:
  Impl() : port_(free_port()), listener_(listen_on(port_)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Impl() {
    thread_.request_stop();
    wake_.wake();
    thread_.join();
    links_.clear();
    if (listener_ >= 0) ::close(listener_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// A verb: done under the lock, and the thread looks again.
  template <class Verb>
  void change(Verb verb) {
    const std::lock_guard lock{mutex_};
    verb();
    wake_.wake();
  }

  void cut() { links_.clear(); }
  void refuse() {
    if (listener_ < 0) return;
    ::shutdown(listener_, SHUT_RDWR);  // at once, although the thread may be polling it
    ::close(std::exchange(listener_, -1));
  }
  void vanish(bool vanished) {
    if (listener_ >= 0) drop_packets(listener_, vanished);
    for (const Link& link : links_) {
      for (const int socket : {link.to_server.from, link.to_server.to}) {
        drop_packets(socket, vanished);
        ask_whether_there(socket, !vanished);
      }
    }
  }
  void reopen() {
    if (listener_ < 0) listener_ = listen_on(port_);
    vanish(false);
    swallowing_ = false;
    text_.clear();
    delay_to_server_ = delay_to_client_ = milliseconds{0};
  }

  const std::uint16_t port_;
  mutable std::mutex mutex_;
  std::uint16_t target_ = 0;
  std::list<Link> links_;
  bool swallowing_ = false;
  milliseconds delay_to_server_{0}, delay_to_client_{0};
  std::string text_;  // empty: cut at none
  Lost lost_ = Lost::request;
  int every_ = 1;
  int seen_ = 0;
  int cut_at_text_ = 0;

 private:
  void run(const std::stop_token& stop);
  std::vector<pollfd> wishes(int& timeout_ms) const;
  void add_wishes(const Direction& way, std::vector<pollfd>& list, Time& next) const;
  void turn(Link& link);
  void accept_all();
  void read(Link& link, Direction& way, milliseconds delay);
  bool may_pass(Link& link, const Direction& way, const std::string& bytes);
  bool says_text(Link& link, const std::string& bytes);
  static void write(Link& link, Direction& way);

  int listener_;
  EventFd wake_;
  std::jthread thread_;
};

// Everything is tried when anything has happened: there are few connections, and sockets do not
// block.
void TcpGate::Impl::run(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    int timeout_ms = -1;
    std::vector<pollfd> list = wishes(timeout_ms);
    lock.unlock();
    ::poll(list.data(), list.size(), timeout_ms);
    wake_.drain();
    lock.lock();
    accept_all();
    if (swallowing_) continue;
    for (Link& link : links_) turn(link);
    links_.remove_if([](const Link& link) { return link.done(); });
  }
}

std::vector<pollfd> TcpGate::Impl::wishes(int& timeout_ms) const {
  std::vector<pollfd> list{{wake_.fd(), POLLIN, 0}, {listener_, POLLIN, 0}};
  if (swallowing_) return list;
  const Time now = std::chrono::steady_clock::now();
  Time next = Time::max();
  for (const Link& link : links_) {
    add_wishes(link.to_server, list, next);
    add_wishes(link.to_client, list, next);
  }
  if (next != Time::max()) {
    const auto wait = std::chrono::ceil<milliseconds>(next - now).count();
    timeout_ms = static_cast<int>(std::max<std::int64_t>(wait, 0));
  }
  return list;
}

// A queue whose time has come waits for its socket; one whose time has not, for the time.
void TcpGate::Impl::add_wishes(const Direction& way, std::vector<pollfd>& list, Time& next) const {
  if (way.has_room()) list.push_back({way.from, POLLIN, 0});
  if (way.due(std::chrono::steady_clock::now())) {
    list.push_back({way.to, POLLOUT, 0});
  } else if (!way.queue.empty()) {
    next = std::min(next, way.queue.front().first);
  }
}

void TcpGate::Impl::turn(Link& link) {
  read(link, link.to_server, delay_to_server_);
  read(link, link.to_client, delay_to_client_);
  write(link, link.to_server);
  write(link, link.to_client);
}

void TcpGate::Impl::accept_all() {
  while (listener_ >= 0) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    const int server =
        checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
    set_option(client, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(server, IPPROTO_TCP, TCP_NODELAY, 1);
    links_.emplace_back(client, server);
    const sockaddr_in address = local(target_);
    const int connected =
        ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (target_ == 0 || (connected < 0 && errno != EINPROGRESS)) links_.pop_back();
  }
}

void TcpGate::Impl::read(Link& link, Direction& way, milliseconds delay) {
  while (!link.over && way.has_room()) {
    std::string bytes(kReadBytes, '\0');
    const ssize_t count = ::recv(way.from, bytes.data(), bytes.size(), 0);
    if (count < 0) {
      link.over |= errno != EAGAIN && errno != EINTR && errno != ENOTCONN;
      return;
    }
    if (count == 0) {
      way.ended = true;
      return;
    }
    bytes.resize(static_cast<std::size_t>(count));
    if (!may_pass(link, way, bytes)) return;
    way.queued += bytes.size();
    way.queue.emplace_back(std::chrono::steady_clock::now() + delay, std::move(bytes));
  }
}

bool TcpGate::Impl::may_pass(Link& link, const Direction& way, const std::string& bytes) {
  if (&way == &link.to_client) {
    link.over |= link.answer_lost;
    cut_at_text_ += link.answer_lost ? 1 : 0;
    return !link.over;
  }
  if (text_.empty() || !says_text(link, bytes) || ++seen_ % every_ != 0) return true;
  if (lost_ == Lost::answer) {
    link.answer_lost = true;
    return true;
  }
  ++cut_at_text_;
  link.over = true;
  return false;
}

bool TcpGate::Impl::says_text(Link& link, const std::string& bytes) {
  link.last += bytes;
  const bool found = link.last.find(text_) != std::string::npos;
  const std::size_t kept = found ? 0 : std::min(link.last.size(), text_.size() - 1);
  link.last.erase(0, link.last.size() - kept);
  return found;
}

void TcpGate::Impl::write(Link& link, Direction& way) {
  const Time now = std::chrono::steady_clock::now();
  while (!link.over && way.due(now)) {
    if (way.queue.empty()) {
      way.told = true;
      ::shutdown(way.to, SHUT_WR);
      return;
    }
    std::string& bytes = way.queue.front().second;
    const ssize_t count = ::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) {
      link.over |= errno != EAGAIN && errno != EINTR && errno != ENOTCONN;
      return;
    }
    way.queued -= static_cast<std::size_t>(count);
    bytes.erase(0, static_cast<std::size_t>(count));
    if (bytes.empty()) way.queue.pop_front();
  }
}

TcpGate::TcpGate() : impl_(std::make_unique<Impl>()) {}
TcpGate::~TcpGate() = default;

void TcpGate::forward_to(std::uint16_t port) {
  impl_->change([&] { impl_->target_ = port; });
}
std::uint16_t TcpGate::port() const noexcept {
  return impl_->port_;
}
std::string TcpGate::address() const {
  return "127.0.0.1:" + std::to_string(impl_->port_);
}
std::size_t TcpGate::connections() const {
  const std::lock_guard lock{impl_->mutex_};
  return impl_->links_.size();
}
void TcpGate::cut() {
  impl_->change([&] { impl_->cut(); });
}
void TcpGate::refuse() {
  impl_->change([&] { impl_->refuse(); });
}
void TcpGate::swallow() {
  impl_->change([&] { impl_->swallowing_ = true; });
}
void TcpGate::vanish() {
  impl_->change([&] { impl_->vanish(true); });
}
void TcpGate::delay(milliseconds to_server, milliseconds to_client) {
  impl_->change([&] {
    impl_->delay_to_server_ = to_server;
    impl_->delay_to_client_ = to_client;
  });
}
void TcpGate::cut_at(std::string text, Lost lost, int every) {
  impl_->change([&] {
    impl_->text_ = std::move(text);
    impl_->lost_ = lost;
    impl_->every_ = every;
    impl_->seen_ = 0;
  });
}
int TcpGate::cut_at_text() const {
  const std::lock_guard lock{impl_->mutex_};
  return impl_->cut_at_text_;
}
void TcpGate::reopen() {
  impl_->change([&] { impl_->reopen(); });
}

}  // namespace pawl::test
