#include <gmock/gmock.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "pawl/core/failure.h"
#include "pawl/http/admin_server.h"
#include "support/http_client.h"

namespace pawl::http {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class AdminServerTest : public testing::Test {
 protected:
  AdminServer server(AdminServer::Options options = {.listen = "127.0.0.1:0"}) {
    return AdminServer{
        std::move(options),
        {.metrics = [this] { return page; },
         .live = [] { return health_of({{"engine", true, ""}}); },
         .ready = [this]() -> Health {
           if (broken) throw std::runtime_error("no answer");
           return health_of({{"database", true, ""}, {"broker", broker, "\"b:1\" refused"}});
         }}};
  }
  std::string page = "# HELP a b\na 1\n";
  bool broker = true;
  bool broken = false;
};

TEST_F(AdminServerTest, ServesMetrics) {
  AdminServer s = server();
  s.start();
  EXPECT_THAT(get(s.port(), "/metrics"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                    HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
                    EndsWith("\r\n\r\n# HELP a b\na 1\n")));
}

TEST_F(AdminServerTest, TellsReadinessWithEachCheck) {
  AdminServer s = server();
  s.start();
  EXPECT_THAT(get(s.port(), "/healthz/ready?verbose"), StartsWith("HTTP/1.1 200 OK"));
  broker = false;
  const std::string response = get(s.port(), "/healthz/ready");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 503 Service Unavailable"));
  const auto body = nlohmann::json::parse(response.substr(response.find("\r\n\r\n")));
  EXPECT_EQ(body["ok"], false);
  EXPECT_EQ(body["checks"][1]["name"], "broker");
  EXPECT_EQ(body["checks"][1]["detail"], "\"b:1\" refused");
  EXPECT_THAT(get(s.port(), "/healthz/live"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(AdminServerTest, RefusesOtherPathsAndMethods) {
  AdminServer s = server();
  s.start();
  EXPECT_THAT(get(s.port(), "/"), StartsWith("HTTP/1.1 404 Not Found"));
  const Client client{s.port()};
  client.send("DELETE /metrics HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_THAT(client.receive(),
              AllOf(StartsWith("HTTP/1.1 405 Method Not Allowed"), HasSubstr("Allow: GET, HEAD")));
}

TEST_F(AdminServerTest, HeadIsGetWithoutBody) {
  AdminServer s = server();
  s.start();
  const Client client{s.port()};
  client.send("HEAD /metrics HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_THAT(client.receive(false),
              AllOf(StartsWith("HTTP/1.1 200 OK"),
                    HasSubstr("Content-Length: 15\r\n"),
                    EndsWith("\r\n\r\n")));
  client.send("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_THAT(client.receive(), AllOf(StartsWith("HTTP/1.1 200 OK"), EndsWith("a 1\n")));
}

TEST_F(AdminServerTest, RefusesALargeHeader) {
  AdminServer s = server();
  s.start();
  const Client client{s.port()};
  client.send("GET /metrics HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n");
  EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 431 "));
  const Client endless{s.port()};
  endless.send("GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'x'));
  EXPECT_THAT(endless.receive(), StartsWith("HTTP/1.1 431 "));
}

TEST_F(AdminServerTest, RefusesABodyAndWhatIsNotHttp) {
  AdminServer s = server();
  s.start();
  const Client body{s.port()};
  body.send("GET /metrics HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(body.receive(), StartsWith("HTTP/1.1 413 "));
  const Client post{s.port()};
  post.send(
      "POST /metrics HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  EXPECT_THAT(post.receive(), StartsWith("HTTP/1.1 405 "));
  const Client noise{s.port()};
  noise.send("\x16\x03\x01 tls?\r\n\r\n");
  EXPECT_THAT(noise.receive(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(AdminServerTest, ASlowClientDelaysNobodyAndIsCutOff) {
  AdminServer s = server({.listen = "127.0.0.1:0", .timeout = 300ms});
  s.start();
  const Client slow{s.port()};
  slow.send("GET /met");
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(get(s.port(), "/metrics"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_TRUE(slow.closed_within(5s));
}

TEST_F(AdminServerTest, AClientThatDoesNotReadDelaysNobody) {
  page = std::string(50'000'000, 'm');
  AdminServer s = server({.listen = "127.0.0.1:0", .timeout = 300ms});
  s.start();
  const Client deaf{s.port()};
  deaf.send("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_THAT(get(s.port(), "/healthz/live"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(AdminServerTest, TheOldestConnectionMakesRoomForANewOne) {
  AdminServer s = server({.listen = "127.0.0.1:0", .connections_max = 4});
  s.start();
  std::deque<Client> idle;
  for (int i = 0; i < 4; ++i) idle.emplace_back(s.port());
  EXPECT_THAT(get(s.port(), "/metrics"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_TRUE(idle.front().closed_within(5s));
}

TEST_F(AdminServerTest, AHandlerThatThrowsIsAnAnswer) {
  broken = true;
  AdminServer s = server();
  s.start();
  EXPECT_THAT(get(s.port(), "/healthz/ready"),
              AllOf(StartsWith("HTTP/1.1 500 "), EndsWith("no answer\n")));
}

TEST_F(AdminServerTest, ATakenPortIsAFailureThatTellsWhatToDo) {
  AdminServer first = server();
  first.start();
  AdminServer second = server({.listen = "127.0.0.1:" + std::to_string(first.port())});
  try {
    second.start();
    FAIL() << "both listen on one port";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.remedy(), Remedy::give_up);
    EXPECT_THAT(failure.what(),
                AllOf(HasSubstr("127.0.0.1:"), HasSubstr("in use"), HasSubstr("admin.listen")));
  }
  EXPECT_EQ(second.port(), 0);
}

TEST_F(AdminServerTest, ListensOnNamesAndIpv6) {
  AdminServer name = server({.listen = "localhost:0"});
  name.start();
  EXPECT_NE(name.port(), 0);
  AdminServer wrong = server({.listen = "no port"});
  EXPECT_THROW(wrong.start(), Failure);
}

TEST_F(AdminServerTest, StartsAndStopsTwice) {
  AdminServer s = server();
  s.stop();
  s.start();
  s.start();
  const Client open{s.port()};
  open.send("GET /");
  const std::uint16_t port = s.port();
  s.stop();
  s.stop();
  EXPECT_EQ(s.port(), 0);
  EXPECT_TRUE(open.closed_within(5s));
  EXPECT_EQ(get(port, "/metrics"), "");
  s.start();
  EXPECT_THAT(get(s.port(), "/metrics"), Not(""));
}

}  // namespace
}  // namespace pawl::http
