// A TCP proxy inside a test, between a program and a server: what networks and proxies do to
// connections, on command.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace pawl::test {

/// Listens on a port of 127.0.0.1 of its own, which stays the same, and forwards every connection
/// to a port of 127.0.0.1, from a thread of its own. A server that is away shows as a connection
/// that is accepted and reset. All verbs are safe from any thread and have happened when they
/// return.
class TcpGate {
 public:
  TcpGate();
  ~TcpGate();
  TcpGate(const TcpGate&) = delete;
  TcpGate& operator=(const TcpGate&) = delete;

  /// Where connections go from now on; at first they are reset. See KafkaServer::put_behind() and
  /// Database::url_through().
  void forward_to(std::uint16_t port);

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// "127.0.0.1:23456"
  [[nodiscard]] std::string address() const;
  /// How many there are now.
  [[nodiscard]] std::size_t connections() const;

  /// Resets all connections, towards both sides. New ones are let in as before.
  void cut();
  /// Nobody listens any more. Connections that exist go on: add cut().
  void refuse();
  /// Connects and takes bytes, as a hung proxy or server does, and passes nothing on, either way.
  void swallow();
  /// Packets from either side are dropped unanswered, as by a firewall or an unplugged cable: not
  /// even a connection is made, and the peers' kernels notice in their own time.
  void vanish();
  /// Every byte comes so much later.
  void delay(std::chrono::milliseconds to_server, std::chrono::milliseconds to_client);

  /// What is lost when a connection is cut because of what its client said.
  enum class Lost {
    request,  // the server does not get it
    answer,   // the server gets and answers it, the client does not get the answer
  };
  /// Cuts a connection when its client sends this text (a read that holds it counts once), at each
  /// `every`th time, over all connections, until reopen(). `answer` takes the first bytes that come
  /// back for the answer: nothing else may be outstanding.
  void cut_at(std::string text, Lost lost, int every = 1);
  /// How many connections cut_at() has cut, since the gate was made.
  [[nodiscard]] int cut_at_text() const;

  /// Ends all of this but cut(): what was swallowed and is still there goes on.
  void reopen();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::test
