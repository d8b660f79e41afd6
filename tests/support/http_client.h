// A client of bare sockets, so that it can misbehave.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pawl::http {

class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the other side has closed.
  bool send(const std::string& bytes) const;
  /// One response, by its Content-Length; what there is when the other side closes, or when nothing
  /// comes for 10 s.
  [[nodiscard]] std::string receive(bool with_body = true) const;
  /// Waits until the other side closes.
  [[nodiscard]] bool closed_within(std::chrono::milliseconds wait) const;

 private:
  int socket_;
};

/// One request on a connection of its own; the whole response.
[[nodiscard]] std::string get(std::uint16_t port, const std::string& path);

}  // namespace pawl::http
