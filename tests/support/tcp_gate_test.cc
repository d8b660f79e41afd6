// The gate between a client and an echo of the test's own: each verb does what it says, both ways.
#include "support/tcp_gate.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A socket of the test; says what happens to it.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer() { ::close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void say(const std::string& text) const {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  [[nodiscard]] bool has_something_to_hear() const {
    pollfd entry{socket_, POLLIN, 0};
    return ::poll(&entry, 1, 5'000) == 1;
  }
  void end() const { ::shutdown(socket_, SHUT_WR); }
  /// What comes next: a text, "" at the peer's clean end, "reset", or "nothing" within the time.
  [[nodiscard]] std::string hears(std::chrono::milliseconds wait = 5s) const {
    pollfd entry{socket_, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(wait.count())) == 0) return "nothing";
    std::string text(1 << 16, '\0');
    const ssize_t count = ::recv(socket_, text.data(), text.size(), 0);
    if (count < 0) return errno == ECONNRESET ? "reset" : "error";
    text.resize(static_cast<std::size_t>(count));
    return text;
  }

 private:
  int socket_;
};

class TcpGateTest : public testing::Test {
 protected:
  TcpGateTest() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = local(0);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    gate.forward_to(ntohs(address.sin_port));
  }
  ~TcpGateTest() override { ::close(listener_); }

  /// Null when the connection was refused or nobody answered within 200 ms.
  [[nodiscard]] std::unique_ptr<Peer> try_connect() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval soon{0, 200'000};
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    auto peer = std::make_unique<Peer>(socket);
    const sockaddr_in address = local(gate.port());
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return nullptr;
    return peer;
  }
  /// A connection's two ends.
  struct Pair {
    std::unique_ptr<Peer> client, server;
  };
  [[nodiscard]] Pair connect() const {
    auto client = try_connect();
    return {std::move(client), std::make_unique<Peer>(::accept(listener_, nullptr, nullptr))};
  }

  TcpGate gate;

 private:
  int listener_;
};

TEST_F(TcpGateTest, ForwardsBothWaysAndTheEnds) {
  const Pair pair = connect();
  pair.client->say("question");
  EXPECT_EQ(pair.server->hears(), "question");
  pair.server->say("answer");
  EXPECT_EQ(pair.client->hears(), "answer");
  pair.client->say("last words");
  pair.client->end();
  EXPECT_EQ(pair.server->hears(), "last words");
  EXPECT_EQ(pair.server->hears(), "");
  pair.server->end();
  EXPECT_EQ(pair.client->hears(), "");
  EXPECT_TRUE(eventually("it is forgotten", [&] { return gate.connections() == 0; }));
}

TEST_F(TcpGateTest, ForwardsMoreThanItKeeps) {
  const Pair pair = connect();
  const std::string sent(8 << 20, 'x');
  std::thread client{[&] { pair.client->say(sent); }};
  std::size_t got = 0;
  while (got < sent.size()) {
    const std::string text = pair.server->hears();
    ASSERT_EQ(text.find_first_not_of('x'), std::string::npos);
    ASSERT_FALSE(text.empty());
    got += text.size();
  }
  client.join();
  EXPECT_EQ(got, sent.size());
}

TEST_F(TcpGateTest, CutsAllAndLetsNewOnesIn) {
  const Pair one = connect();
  const Pair two = connect();
  ASSERT_TRUE(eventually("both are there", [&] { return gate.connections() == 2; }));
  gate.cut();
  EXPECT_EQ(gate.connections(), 0U);
  EXPECT_EQ(one.client->hears(), "reset");
  EXPECT_EQ(one.server->hears(), "reset");
  EXPECT_EQ(two.client->hears(), "reset");
  const Pair three = connect();
  three.client->say("again");
  EXPECT_EQ(three.server->hears(), "again");
}

TEST_F(TcpGateTest, RefusesNewOnesOnly) {
  const Pair pair = connect();
  gate.refuse();
  EXPECT_EQ(try_connect(), nullptr);
  pair.client->say("still here");
  EXPECT_EQ(pair.server->hears(), "still here");
  gate.reopen();
  EXPECT_NE(try_connect(), nullptr);
}

TEST_F(TcpGateTest, SwallowsUntilItIsReopened) {
  const Pair pair = connect();
  gate.swallow();
  pair.client->say("lost?");
  EXPECT_NE(try_connect(), nullptr);
  EXPECT_EQ(pair.server->hears(100ms), "nothing");
  gate.reopen();
  EXPECT_EQ(pair.server->hears(), "lost?");
}

TEST_F(TcpGateTest, VanishesSoThatNotEvenAConnectionIsMade) {
  const Pair pair = connect();
  gate.vanish();
  EXPECT_EQ(try_connect(), nullptr);
  pair.client->say("lost?");
  EXPECT_EQ(pair.server->hears(100ms), "nothing");
  gate.reopen();
  EXPECT_EQ(pair.server->hears(), "lost?");
}

// Its kernel has said so in a single packet, for there was something left to be read.
TEST_F(TcpGateTest, APeerThatWentMeanwhileIsMissed) {
  Pair pair = connect();
  pair.server->say("never read");
  ASSERT_TRUE(pair.client->has_something_to_hear());
  gate.vanish();
  pair.client.reset();
  EXPECT_EQ(pair.server->hears(100ms), "nothing");
  gate.reopen();
  EXPECT_EQ(pair.server->hears(), "reset");
}

TEST_F(TcpGateTest, DelaysEachWayByItsTime) {
  const Pair pair = connect();
  gate.delay(150ms, 0ms);
  const auto before = std::chrono::steady_clock::now();
  pair.client->say("one");
  EXPECT_EQ(pair.server->hears(), "one");
  EXPECT_GE(std::chrono::steady_clock::now() - before, 150ms);
  pair.server->say("two");
  EXPECT_EQ(pair.client->hears(), "two");
  gate.delay(0ms, 150ms);
  const auto again = std::chrono::steady_clock::now();
  pair.server->say("three");
  EXPECT_EQ(pair.client->hears(), "three");
  EXPECT_GE(std::chrono::steady_clock::now() - again, 150ms);
}

TEST_F(TcpGateTest, CutsBeforeTheTextIsThere) {
  const Pair pair = connect();
  gate.cut_at("commit", TcpGate::Lost::request, 2);
  pair.client->say("a commit");
  EXPECT_EQ(pair.server->hears(), "a commit");
  pair.client->say("another com");
  EXPECT_EQ(pair.server->hears(), "another com");
  pair.client->say("mit");  // in two pieces
  EXPECT_EQ(pair.server->hears(), "reset");
  EXPECT_EQ(pair.client->hears(), "reset");
  EXPECT_EQ(gate.cut_at_text(), 1);
}

TEST_F(TcpGateTest, LosesTheAnswerToTheText) {
  const Pair pair = connect();
  gate.cut_at("commit", TcpGate::Lost::answer);
  pair.client->say("insert");
  EXPECT_EQ(pair.server->hears(), "insert");
  pair.server->say("inserted");
  EXPECT_EQ(pair.client->hears(), "inserted");
  pair.client->say("commit");
  EXPECT_EQ(pair.server->hears(), "commit");
  pair.server->say("committed");
  EXPECT_EQ(pair.client->hears(), "reset");
  EXPECT_EQ(pair.server->hears(), "reset");
  EXPECT_EQ(gate.cut_at_text(), 1);
  gate.reopen();
  const Pair next = connect();
  next.client->say("commit");
  EXPECT_EQ(next.server->hears(), "commit");
  next.server->say("committed");
  EXPECT_EQ(next.client->hears(), "committed");
}

TEST_F(TcpGateTest, ResetsWhatCannotBeForwarded) {
  gate.forward_to(0);
  const auto client = try_connect();
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->hears(), "reset");
}

}  // namespace
}  // namespace pawl::test
