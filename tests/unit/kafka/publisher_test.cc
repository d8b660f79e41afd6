// The publisher against the mock cluster: what a row becomes, and what the broker's answers become.
#include "pawl/kafka/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pawl/kafka/mock_cluster.h"
#include "pawl/kafka/record_reader.h"
#include "support/kept.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

constexpr const char* kTopic = "ledger.events";

OutboxRow row(const std::string& key) {
  OutboxRow made{.topic = kTopic, .key = kept(key)};
  made.id = *Uuid::parse("0190b5a2-0000-7000-8000-000000000001");
  made.type = "ledger.v1.FundsTransferred";
  made.source = "ledger";
  made.content_type = "application/protobuf";
  made.causation_id = "command-1";
  made.payload = kept("payload of " + key);
  made.created_at = WallTime{std::chrono::milliseconds{1'700'000'000'123}};
  return made;
}

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() { cluster.create_topic(kTopic, 3); }

  kafka::ProducerSettings settings() { return {.kafka = {.brokers = cluster.bootstrap()}}; }

  std::vector<relay::Delivery> answers(kafka::Publisher& publisher, std::size_t count) {
    std::vector<relay::Delivery> all;
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
      publisher.deliveries(all, 100ms);
    }
    EXPECT_EQ(all.size(), count);
    return all;
  }

  /// What is on the topic, by key, with headers as pairs; a null value is "(null)".
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> headers_on_topic() {
    kafka::RecordReader reader{{.brokers = cluster.bootstrap()}, kTopic};
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> all;
    while (!reader.at_end()) {
      const auto record = reader.poll(1s);
      if (!record) continue;
      auto& headers = all[std::string(record->key.value_or("(no key)"))];
      for (std::size_t i = 0; const auto header = record->header_at(i); ++i) {
        headers.emplace_back(header->name, header->value.value_or("(null)"));
      }
    }
    return all;
  }

  kafka::MockCluster cluster;
};

TEST_F(PublisherTest, ARowBecomesACloudEvent) {
  kafka::Publisher publisher{settings()};
  OutboxRow second = row("b");
  second.correlation_id = "first-command";
  second.traceparent = "00-trace";
  ASSERT_TRUE(publisher.publish(row("a"), 1));
  ASSERT_TRUE(publisher.publish(second, 2));
  for (const auto& delivery : answers(publisher, 2)) EXPECT_FALSE(delivery.failure);
  auto headers = headers_on_topic();
  EXPECT_THAT(headers["a"],
              ElementsAre(Pair("ce_id", "0190b5a2-0000-7000-8000-000000000001"),
                          Pair("ce_source", "ledger"),
                          Pair("ce_type", "ledger.v1.FundsTransferred"),
                          Pair("ce_specversion", "1.0"),
                          Pair("ce_time", "2023-11-14T22:13:20.123Z"),
                          Pair("content-type", "application/protobuf"),
                          Pair("ce_correlationid", "command-1"),
                          Pair("ce_causationid", "command-1")));
  EXPECT_THAT(headers["b"], testing::Contains(Pair("ce_correlationid", "first-command")));
  EXPECT_THAT(headers["b"], testing::Contains(Pair("traceparent", "00-trace")));
}

TEST_F(PublisherTest, ARowWithHeadersGetsExactlyThese) {
  kafka::Publisher publisher{settings()};
  OutboxRow dead = row("a");
  dead.headers =
      R"([["x", "text"], ["x", "again"], ["bytes", {"base64": "AAH/"}], ["none", null], ["", ""]])";
  OutboxRow bad = row("b");
  bad.headers = R"({"x": 1})";
  ASSERT_TRUE(publisher.publish(dead, 1));
  ASSERT_TRUE(publisher.publish(bad, 2));
  std::map<std::uint64_t, std::optional<Failure>> by_tag;
  for (auto& delivery : answers(publisher, 2)) by_tag.emplace(delivery.tag, delivery.failure);
  EXPECT_FALSE(by_tag.at(1));
  ASSERT_TRUE(by_tag.at(2));
  EXPECT_EQ(by_tag.at(2)->code(), "bad_headers");
  EXPECT_EQ(by_tag.at(2)->remedy(), Remedy::give_up);
  EXPECT_THAT(headers_on_topic()["a"],
              ElementsAre(Pair("x", "text"),
                          Pair("x", "again"),
                          Pair("bytes", std::string("\x00\x01\xff", 3)),
                          Pair("none", "(null)"),
                          Pair("", "")));
}

TEST_F(PublisherTest, RowsOfOneKeyLeaveInOrder) {
  kafka::Publisher publisher{settings()};
  constexpr std::uint64_t kRows = 20'000;
  std::vector<relay::Delivery> delivered;
  for (std::uint64_t i = 0; i < kRows; ++i) {
    OutboxRow next = row("key-" + std::to_string(i % 7));
    next.payload = kept(std::to_string(i));
    while (!publisher.publish(next, i)) publisher.deliveries(delivered, 100ms);
  }
  while (delivered.size() < kRows) publisher.deliveries(delivered, 1s);
  EXPECT_EQ(publisher.waiting(), 0U);
  kafka::RecordReader reader{{.brokers = cluster.bootstrap()}, kTopic};
  std::map<std::string, std::vector<int>> seen;
  while (!reader.at_end()) {
    if (auto record = reader.poll(1s)) {
      seen[std::string(*record->key)].push_back(std::stoi(std::string(*record->value)));
    }
  }
  EXPECT_EQ(seen.size(), 7U);
  for (const auto& [key, values] : seen) EXPECT_TRUE(std::ranges::is_sorted(values)) << key;
}

TEST_F(PublisherTest, AFullQueueRefusesUntilDeliveriesAreTaken) {
  cluster.go_away();
  auto small = settings();
  small.queue_records = 10;
  kafka::Publisher publisher{small};
  std::uint64_t queued = 0;
  while (queued < 100 && publisher.publish(row("a"), queued)) ++queued;
  EXPECT_EQ(queued, 10U);
  cluster.come_back();
  EXPECT_EQ(answers(publisher, 10).size(), 10U);
  EXPECT_TRUE(publisher.publish(row("a"), 10));
}

TEST_F(PublisherTest, ARowThatIsTooLargeFailsAlone) {
  auto small = settings();
  small.kafka.properties["message.max.bytes"] = "2000";
  kafka::Publisher publisher{small};
  OutboxRow large = row("large");
  large.payload = kept(std::string(5'000, 'x'));
  ASSERT_TRUE(publisher.publish(large, 7));
  ASSERT_TRUE(publisher.publish(row("a"), 8));
  for (const auto& delivery : answers(publisher, 2)) {
    EXPECT_EQ(delivery.failure.has_value(), delivery.tag == 7);
    if (!delivery.failure) continue;
    EXPECT_EQ(delivery.failure->remedy(), Remedy::give_up);
    EXPECT_EQ(delivery.failure->code(), "MSG_SIZE_TOO_LARGE");
  }
}

TEST_F(PublisherTest, ABrokerThatIsAwayIsNotTheRowsFault) {
  cluster.go_away();
  auto impatient = settings();
  impatient.delivery_max = 500ms;
  kafka::Publisher publisher{impatient};
  ASSERT_TRUE(publisher.publish(row("a"), 1));
  const auto delivered = answers(publisher, 1);
  ASSERT_TRUE(delivered[0].failure);
  EXPECT_EQ(delivered[0].failure->remedy(), Remedy::reconnect_and_rerun);
}

TEST_F(PublisherTest, AFatalErrorAnswersEverythingAndTheNextRowGetsANewProducer) {
  cluster.refuse_next_producer();
  kafka::Publisher publisher{settings()};
  for (std::uint64_t tag = 0; tag < 5; ++tag) ASSERT_TRUE(publisher.publish(row("a"), tag));
  std::set<std::uint64_t> failed;
  for (const auto& delivery : answers(publisher, 5)) {
    ASSERT_TRUE(delivery.failure);
    EXPECT_EQ(delivery.failure->remedy(), Remedy::reconnect_and_rerun);
    failed.insert(delivery.tag);
  }
  EXPECT_EQ(failed.size(), 5U);
  ASSERT_TRUE(publisher.publish(row("b"), 9));
  EXPECT_FALSE(answers(publisher, 1)[0].failure);
  EXPECT_TRUE(headers_on_topic().contains("b"));
}

}  // namespace
}  // namespace pawl::test
