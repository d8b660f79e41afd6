#include "support/http_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pawl::http {

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval timeout{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

bool Client::send(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto result = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (result <= 0) return false;
    sent += static_cast<std::size_t>(result);
  }
  return true;
}

std::string Client::receive(bool with_body) const {
  std::string all;
  char bytes[4096];
  while (true) {
    const auto end_of_header = all.find("\r\n\r\n");
    if (end_of_header != std::string::npos) {
      const auto length = all.find("Content-Length: ");
      const std::size_t body =
          length == std::string::npos || !with_body ? 0 : std::stoul(all.substr(length + 16));
      if (all.size() >= end_of_header + 4 + body) return all;
    }
    const auto result = ::recv(socket_, bytes, sizeof bytes, 0);
    if (result <= 0) return all;
    all.append(bytes, static_cast<std::size_t>(result));
  }
}

bool Client::closed_within(std::chrono::milliseconds wait) const {
  pollfd entry{socket_, POLLIN, 0};
  char byte = 0;
  return ::poll(&entry, 1, static_cast<int>(wait.count())) == 1 &&
         ::recv(socket_, &byte, 1, 0) <= 0;
}

std::string get(std::uint16_t port, const std::string& path) {
  const Client client{port};
  client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  return client.receive();
}

}  // namespace pawl::http
