// The contracts of DESIGN §8, seen from outside: kcat sends commands and reads what comes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/world.h"
#include "integration/foreign_client/kcat.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Key;
using testing::MatchesRegex;
using testing::Pair;

constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
constexpr const char* kOpenId = "0190b5a2-7c00-7000-8000-000000000001";

KcatRecord command(const std::string& type,
                   const std::string& id,
                   const std::string& key,
                   const std::string& json) {
  return {key,
          json,
          {{"ce_specversion", "1.0"},
           {"ce_id", id},
           {"ce_source", "kcat"},
           {"ce_type", "ledger.v1." + type},
           {"content-type", "application/json"}}};
}

class ForeignClientTest : public testing::Test {
 protected:
  void send(const KcatRecord& record) {
    kcat_produce(world_.sources().brokers, world_.sources().commands_topic, record);
    ++sent_;
  }
  void open_account(int account) {
    const std::string id = std::to_string(account);
    send(command("OpenAccount",
                 "0190b5a2-7c00-7000-8000-00000000000" + id,
                 id,
                 R"({"accountId": ")" + id + R"(", "currency": "EUR", "overdraftLimit": "1000"})"));
  }
  [[nodiscard]] testing::AssertionResult all_ended() {
    return eventually("all have ended and all is published",
                      [&] { return world_.received() == sent_ && world_.unfinished().empty(); });
  }
  std::vector<KcatRecord> events() {
    return kcat_consume(world_.sources().brokers, world_.sources().events_topic);
  }
  std::int64_t counted(const std::string& ending) {
    return world_.database().number("SELECT sum(" + ending +
                                    ")::bigint FROM pawl.consumer_position");
  }
  World world_{{.partitions = 1}};
  std::int64_t sent_ = 0;
};

TEST_F(ForeignClientTest, JsonCommandsAreHandledAndEventsHaveTheDocumentedHeaders) {
  const auto ledger = world_.start_ledger();
  open_account(1);
  open_account(2);
  send(command(
      "TransferFunds",
      "order-4711",
      "1",
      R"({"debitAccountId": 1, "creditAccountId": 2, "amount": "70", "currency": "EUR", "memo": "by kcat"})"));
  ASSERT_TRUE(all_ended()) << ledger->describe();
  EXPECT_EQ(world_.database().number("SELECT balance FROM ledger.account WHERE account_id = 2"),
            70);
  const auto seen = events();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_THAT(seen[0].headers,
              AllOf(Contains(Pair("ce_id", testing::ContainsRegex(kUuid))),
                    Contains(Pair("ce_source", world_.sources().consumer)),
                    Contains(Pair("ce_type", "ledger.v1.AccountOpened")),
                    Contains(Pair("ce_specversion", "1.0")),
                    Contains(Pair("ce_time", testing::ContainsRegex("^20[0-9-]+T[0-9:.]+Z$"))),
                    Contains(Pair("content-type", "application/protobuf")),
                    Contains(Pair("ce_causationid", kOpenId)),
                    Contains(Pair("ce_correlationid", kOpenId))));
  EXPECT_EQ(seen[2].key, "1");
  EXPECT_THAT(seen[2].headers, Contains(Pair("ce_type", "ledger.v1.FundsTransferred")));
}

TEST_F(ForeignClientTest, ATraceIsCarriedOn) {
  const auto ledger = world_.start_ledger();
  KcatRecord traced =
      command("OpenAccount", kOpenId, "1", R"({"accountId": 1, "currency": "EUR"})");
  traced.headers["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  traced.headers["ce_correlationid"] = "checkout-9";
  send(traced);
  ASSERT_TRUE(all_ended()) << ledger->describe();
  const auto seen = events();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_THAT(
      seen[0].headers,
      Contains(Pair("traceparent", testing::StartsWith("00-0af7651916cd43dd8448eb211c80319c-"))));
  EXPECT_THAT(seen[0].headers, Contains(Pair("ce_correlationid", "checkout-9")));
  EXPECT_THAT(seen[0].headers, Contains(Pair("ce_causationid", kOpenId)));
}

TEST_F(ForeignClientTest, StructuredCloudEventsAreHandled) {
  const auto ledger = world_.start_ledger();
  send({"1",
        R"({"specversion": "1.0", "id": "s-1", "source": "kcat", "type": "ledger.v1.OpenAccount",)"
        R"( "datacontenttype": "application/json", "data": {"accountId": 1, "currency": "EUR"}})",
        {{"content-type", "application/cloudevents+json"}}});
  ASSERT_TRUE(all_ended()) << ledger->describe();
  EXPECT_EQ(counted("completed"), 1);
}

TEST_F(ForeignClientTest, AForeignIdSentTwiceIsADuplicate) {
  const auto ledger = world_.start_ledger();
  const KcatRecord open =
      command("OpenAccount", "not a uuid", "1", R"({"accountId": 1, "currency": "EUR"})");
  send(open);
  send(open);
  ASSERT_TRUE(all_ended()) << ledger->describe();
  EXPECT_EQ(counted("completed"), 1);
  EXPECT_EQ(counted("duplicate"), 1);
}

TEST_F(ForeignClientTest, PlainRecordsWithTheirIdInAHeader) {
  const auto ledger = world_.start_ledger({{"PAWL_CONSUMER__PLAIN__TYPE", "ledger.v1.OpenAccount"},
                                           {"PAWL_CONSUMER__PLAIN__ID", "header:X-Request-Id"}});
  const KcatRecord plain{"1", R"({"accountId": 1, "currency": "EUR"})", {{"X-Request-Id", "r-1"}}};
  send(plain);
  send(plain);
  send({"2", R"({"accountId": 2, "currency": "EUR"})", {{"X-Request-Id", "r-2"}}});
  send({"3", R"({"accountId": 3, "currency": "EUR"})", {}});
  ASSERT_TRUE(all_ended()) << ledger->describe();
  EXPECT_EQ(counted("completed"), 2);
  EXPECT_EQ(counted("duplicate"), 1);
  EXPECT_EQ(counted("undecodable"), 1);
}

TEST_F(ForeignClientTest, PlainRecordsWithTheirIdInTheValue) {
  const auto ledger =
      world_.start_ledger({{"PAWL_CONSUMER__PLAIN__TYPE", "ledger.v1.CapturePayment"},
                           {"PAWL_CONSUMER__PLAIN__ID", "json:/externalPaymentId"}});
  open_account(1);
  const KcatRecord plain{
      "1", R"({"externalPaymentId": "p-1", "accountId": 1, "amount": 250, "currency": "EUR"})", {}};
  send(plain);
  send(plain);
  ASSERT_TRUE(all_ended()) << ledger->describe();
  EXPECT_EQ(counted("duplicate"), 1);
  EXPECT_EQ(world_.database().number("SELECT balance FROM ledger.account WHERE account_id = 1"),
            250);
}

TEST_F(ForeignClientTest, ADeadLetterIsWhatWasSentAndSaysWhy) {
  const auto ledger = world_.start_ledger();
  send(command("NoSuchCommand", kOpenId, "7", R"({"what": "ever"})"));
  ASSERT_TRUE(all_ended()) << ledger->describe();
  const auto dead = kcat_consume(world_.sources().brokers, world_.sources().dead_letter_topic);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].key, "7");
  EXPECT_EQ(dead[0].value, R"({"what": "ever"})");
  EXPECT_THAT(dead[0].headers,
              AllOf(Contains(Pair("ce_id", kOpenId)),
                    Contains(Pair("ce_source", "kcat")),
                    Contains(Pair("ce_type", "ledger.v1.NoSuchCommand")),
                    Contains(Pair("content-type", "application/json")),
                    Contains(Pair("pawl_dead_topic", world_.sources().commands_topic)),
                    Contains(Pair("pawl_dead_partition", "0")),
                    Contains(Pair("pawl_dead_offset", "0")),
                    Contains(Pair("pawl_dead_consumer", world_.sources().consumer)),
                    Contains(Pair("pawl_dead_attempts", "1"))));
  EXPECT_THAT(dead[0].headers,
              AllOf(Contains(Pair("pawl_dead_class", "undecodable")),
                    Contains(Pair("pawl_dead_code", "unknown_type")),
                    Contains(Key("pawl_dead_text")),
                    Contains(Key("pawl_dead_first_failed_at")),
                    Contains(Key("pawl_dead_last_failed_at"))));
}

}  // namespace
}  // namespace pawl::test
