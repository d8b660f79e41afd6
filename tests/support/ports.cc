#include "support/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <stdexcept>

namespace pawl::test {
namespace {

constexpr int kTries = 100;
constexpr std::uint16_t kFirst = 20'000;
constexpr std::uint16_t kLast = 32'000;  // Linux takes outgoing ports from 32768 on

bool can_listen(std::uint16_t port) {
  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
               ::listen(socket, 1) == 0;
  ::close(socket);
  return bound;
}

}  // namespace

std::uint16_t free_port() {
  std::random_device random;
  std::uniform_int_distribution<std::uint16_t> choose{kFirst, kLast};
  for (int attempt = 0; attempt < kTries; ++attempt) {
    auto port = choose(random);
    if (can_listen(port)) return port;
  }
  throw std::runtime_error("found no free port of 127.0.0.1 between 20000 and 32000 in 100 tries");
}

}  // namespace pawl::test
