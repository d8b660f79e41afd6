// The test broker itself: it answers, it comes back where it was, and it says why when it does not
// start.
#include "support/kafka_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "support/seed.h"
#include "support/tcp_gate.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// kcat answers with 0 when the broker told it its topics.
int ask(const std::string& bootstrap) {
  return run({.command = {"kcat", "-b", bootstrap, "-L", "-m", "1"}}).exit_code;
}

TEST(KafkaServerTest, AnswersOnceItIsStarted) {
  EXPECT_EQ(ask(shared_kafka().bootstrap()), 0);
}

TEST(KafkaServerTest, MakesTopics) {
  auto topic = unique_name("made");
  shared_kafka().create_topic(topic, 3);
  auto listing = run({.command = {"kcat", "-b", shared_kafka().bootstrap(), "-L", "-t", topic}});
  EXPECT_THAT(listing.output, HasSubstr("\"" + topic + "\" with 3 partitions"));
}

TEST(KafkaServerTest, ComesBackAtTheSameAddressAfterStopAndKill) {
  KafkaServer kafka;
  kafka.start();
  auto address = kafka.bootstrap();
  kafka.stop();
  EXPECT_NE(ask(address), 0);
  kafka.start();
  EXPECT_EQ(kafka.bootstrap(), address);
  kafka.kill();
  kafka.start();
  EXPECT_EQ(ask(address), 0);
}

TEST(KafkaServerTest, AnswersNothingWhileFrozen) {
  KafkaServer kafka;
  kafka.start();
  kafka.freeze();
  EXPECT_NE(ask(kafka.bootstrap()), 0);
  kafka.thaw();
  EXPECT_EQ(ask(kafka.bootstrap()), 0);
}

TEST(KafkaServerTest, IsMetThroughItsGateByThoseWhoComeByIt) {
  TcpGate gate;
  KafkaServer kafka;
  kafka.put_behind(gate);
  kafka.start();
  kafka.create_topic("gated");
  const auto produce = [](const std::string& bootstrap) {
    return run({.command =
                    {"kcat", "-b", bootstrap, "-P", "-t", "gated", "-X", "message.timeout.ms=1500"},
                .input = "hello\n"})
        .exit_code;
  };
  EXPECT_EQ(produce(gate.address()), 0);
  gate.swallow();
  EXPECT_NE(produce(gate.address()), 0);
  EXPECT_EQ(produce(kafka.bootstrap()), 0);
}

TEST(KafkaServerTest, ShowsItsLogWhenItDoesNotStart) {
  KafkaServer kafka{{{"num.network.threads", "none"}}};
  try {
    kafka.start();
    FAIL() << "started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("num.network.threads"));
  }
}

TEST(KafkaServerTest, SaysWhatToRunWhenTheJarsAreMissing) {
  const char* before = std::getenv("PAWL_KAFKA_JARS");
  std::string kept = before == nullptr ? "" : before;
  ::setenv("PAWL_KAFKA_JARS", "/no/such/folder", 1);
  try {
    KafkaServer kafka;
    ADD_FAILURE() << "found jars in a folder that is not there";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Run ./dev test"));
  }
  before == nullptr ? ::unsetenv("PAWL_KAFKA_JARS") : ::setenv("PAWL_KAFKA_JARS", kept.c_str(), 1);
}

}  // namespace
}  // namespace pawl::test
