#include "support/kafka_requests.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace pawl::test {
namespace {

constexpr std::int16_t kDeleteTopics = 20;
constexpr std::int16_t kDeleteRecords = 21;
constexpr std::int16_t kVersion = 1;  // of both requests
constexpr std::int32_t kTimeoutMs = 10'000;

/// A request's bytes, big-endian.
class Request {
 public:
  explicit Request(std::int16_t key) {
    add(key);
    add(kVersion);
    add(std::int32_t{1});  // correlation
    add(std::string{"test"});
  }
  template <class Integer>
  void add(Integer value) {
    for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8)
      bytes_ += static_cast<char>(value >> shift);
  }
  void add(const std::string& text) {
    add(static_cast<std::int16_t>(text.size()));
    bytes_ += text;
  }
  [[nodiscard]] std::string framed() const {
    const auto size = htonl(static_cast<std::uint32_t>(bytes_.size()));
    return std::string(reinterpret_cast<const char*>(&size), sizeof size) + bytes_;
  }

 private:
  std::string bytes_;
};

struct Socket {
  explicit Socket(std::uint16_t port) : handle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect to the broker");
  }
  ~Socket() { ::close(handle); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] std::string receive(std::size_t count) const {
    std::string bytes(count, '\0');
    if (::recv(handle, bytes.data(), count, MSG_WAITALL) != static_cast<ssize_t>(count))
      throw std::runtime_error("the broker gave no answer");
    return bytes;
  }

  int handle;
};

// Both answers end with the error code of the one thing that was asked for.
void ask(const std::string& bootstrap, const Request& request) {
  const auto port = std::stoi(bootstrap.substr(bootstrap.rfind(':') + 1));
  const Socket socket{static_cast<std::uint16_t>(port)};
  const std::string bytes = request.framed();
  ::send(socket.handle, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::uint32_t size = 0;
  socket.receive(sizeof size).copy(reinterpret_cast<char*>(&size), sizeof size);
  const std::string answer = socket.receive(ntohl(size));
  if (!answer.ends_with(std::string(2, '\0')))
    throw std::runtime_error("the broker refuses: error code " +
                             std::to_string(static_cast<int>(answer.back())));
}

}  // namespace

void delete_topic(const std::string& bootstrap, const std::string& topic) {
  Request request{kDeleteTopics};
  request.add(std::int32_t{1});
  request.add(topic);
  request.add(kTimeoutMs);
  ask(bootstrap, request);
}

void delete_records(const std::string& bootstrap,
                    const std::string& topic,
                    std::int32_t partition,
                    std::int64_t below) {
  Request request{kDeleteRecords};
  request.add(std::int32_t{1});
  request.add(topic);
  request.add(std::int32_t{1});
  request.add(partition);
  request.add(below);
  request.add(kTimeoutMs);
  ask(bootstrap, request);
}

}  // namespace pawl::test
