// The relay on a real broker that refuses an event.
#include "integration/held_events/fixture.h"
#include "pawl/kafka/publisher.h"
#include "pawl/kafka/record_reader.h"
#include "pawl/relay/relay.h"
#include "support/eventually.h"
#include "support/kafka_server.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;

class HeldOnABroker : public HeldEventsTest {
 protected:
  /// A relay with a producer of its own, patient with retries.
  struct Rig {
    Rig(const std::string& url, const std::string& brokers)
        : publisher({.kafka = {.brokers = brokers,
                               .properties = {{"topic.metadata.propagation.max.ms", "1000"}}},
                     .linger = milliseconds{0}}),
          relay(settings(),
                {relay::connect_to(url, "default"),
                 publisher,
                 relay_metrics,
                 observe::Log(clock, {.level = LogLevel::error}),
                 clock}) {
      relay.start();
    }
    static relay::Settings settings() {
      relay::Settings settings;
      settings.held_look = milliseconds{50};
      return settings;
    }
    SystemClock clock;
    observe::Metrics metrics{clock};
    observe::RelayMetrics relay_metrics{metrics, "test"};
    kafka::Publisher publisher;
    relay::Relay relay;
  };

  void emit(const std::string& topic, const std::string& key, const std::string& payload) {
    postgres::Parameters parameters;
    parameters.add(topic);
    parameters.add_bytes(key);
    parameters.add_bytes(payload);
    database_.execute(
        "INSERT INTO pawl.outbox (topic, key, type, payload) VALUES ($1, $2, 'a.v1.Happened', $3)",
        parameters);
  }
  /// The first ten bytes of each record of that key, in the broker's order.
  std::vector<std::string> read(const std::string& topic, const std::string& key) const {
    std::vector<std::string> values;
    kafka::RecordReader reader{{.brokers = brokers_}, topic};
    while (!reader.at_end()) {
      const auto record = reader.poll(seconds{1});
      if (record && record->key == key) values.emplace_back(record->value->substr(0, 10));
    }
    return values;
  }
  testing::AssertionResult holds(std::int64_t events) {
    return eventually(std::to_string(events) + " events are held",
                      [=, this] { return held() == events; });
  }

  std::string brokers_ = shared_kafka().bootstrap();
  std::string topic_ = unique_name("events");
};

TEST_F(HeldOnABroker, AnEventLargerThanItsTopicAllowsWaitsForALargerLimit) {
  shared_kafka().create_topic(topic_, 1, {{"max.message.bytes", "20000"}});
  Rig rig{database_.url(), brokers_};
  emit(topic_, "k", "k:1");
  emit(topic_, "k", "k:2" + std::string(100'000, ' '));
  ASSERT_TRUE(holds(1));
  for (int i = 1; i <= 200; ++i) emit(topic_, "other", "o:" + std::to_string(i));
  emit(topic_, "k", "k:3");
  emit(topic_, "k", "k:4");
  ASSERT_TRUE(holds(3));
  ASSERT_TRUE(eventually("others flow", [&] { return rig.relay.figures().published == 201; }));
  const std::vector<std::string> others = read(topic_, "other");
  ASSERT_EQ(others.size(), 200U) << "each once";
  EXPECT_EQ(others.front(), "o:1");
  EXPECT_EQ(others.back(), "o:200");
  EXPECT_THAT(read(topic_, "k"), ElementsAre("k:1"));
  const Json list = json({"outbox", "list", "--refused"});
  ASSERT_EQ(list["held_events"].size(), 1U);
  EXPECT_EQ(list["held_events"][0]["code"], "MSG_SIZE_TOO_LARGE");
  EXPECT_THAT(rig.metrics.expose(),
              testing::HasSubstr("pawl_outbox_held_keys{consumer=\"test\"} 1"));

  shared_kafka().configure_topic(topic_, {{"max.message.bytes", "200000"}});
  ASSERT_EQ(outbox({"retry", "--topic", topic_}).exit_code, 0);
  ASSERT_TRUE(holds(0));
  const std::vector<std::string> values = read(topic_, "k");
  ASSERT_EQ(values.size(), 4U);
  EXPECT_EQ(values[1].substr(0, 3), "k:2");
  EXPECT_EQ(values[2], "k:3");
  EXPECT_EQ(values[3], "k:4");
}

// Small ones in one request with large ones of other keys.
TEST_F(HeldOnABroker, NobodyIsHeldForANeighbour) {
  shared_kafka().create_topic(topic_, 1, {{"max.message.bytes", "20000"}});
  for (int i = 1; i <= 400; ++i) {
    const std::string key = "k" + std::to_string(i % 40);
    emit(topic_, key, i % 40 == 0 ? std::string(50'000, ' ') : key);
  }
  Rig rig{database_.url(), brokers_};
  ASSERT_TRUE(eventually("the small ones are published",
                         [&] { return rig.relay.figures().published == 390; }));
  ASSERT_TRUE(holds(10));
  EXPECT_EQ(held("key <> 'k0'"), 0);
  EXPECT_TRUE(eventually("the position passes", [&] {
    return database_.number("SELECT batch FROM pawl.relay_position") == 400;
  }));
}

TEST_F(HeldOnABroker, ATopicThatIsMadeLaterGetsItsEvents) {
  shared_kafka().create_topic(topic_);
  const std::string missing = unique_name("missing");
  Rig rig{database_.url(), brokers_};
  emit(missing, "k", "k:1");
  ASSERT_TRUE(holds(1));
  emit(topic_, "k", "k:1");
  emit(missing, "k", "k:2");
  ASSERT_TRUE(holds(2));
  ASSERT_TRUE(eventually("the other topic's is published",
                         [&] { return rig.relay.figures().published == 1; }));
  shared_kafka().create_topic(missing);
  // As time does.
  ASSERT_TRUE(eventually("it heals", [&] {
    database_.execute("UPDATE pawl.relay_held_event SET retry_at = now() WHERE code IS NOT NULL");
    return held() == 0;
  }));
  EXPECT_THAT(read(missing, "k"), ElementsAre("k:1", "k:2"));
}

}  // namespace
}  // namespace pawl::test
