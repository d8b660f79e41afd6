// Which properties a user may set, and what an error says about them.
#include "pawl/kafka/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pawl/kafka/fetch_budget.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(KafkaSettingsTest, PropertiesThatDecideAboutCorrectnessAreNotTheUsers) {
  for (const char* name : {"enable.auto.commit",
                           "auto.offset.reset",
                           "acks",
                           "group.id",
                           "enable.idempotence",
                           "partitioner",
                           "bootstrap.servers",
                           "nonsense"}) {
    EXPECT_FALSE(kafka::property_allowed(name)) << name;
    EXPECT_TRUE(kafka::property_fault(name, "1")) << name;
  }
}

TEST(KafkaSettingsTest, EveryAllowedPropertyIsKnownToTheLibrary) {
  for (const std::string_view name : kafka::allowed_properties()) {
    const auto fault = kafka::property_fault(std::string(name), "\x01");
    EXPECT_THAT(fault.value_or(""), Not(HasSubstr("No such configuration property"))) << name;
  }
}

TEST(KafkaSettingsTest, SecretsAreKnownAndNeverRepeated) {
  EXPECT_TRUE(kafka::property_secret("sasl.password"));
  EXPECT_TRUE(kafka::property_secret("ssl.key.password"));
  EXPECT_TRUE(kafka::property_secret("ssl.keystore.password"));
  EXPECT_TRUE(kafka::property_secret("sasl.oauthbearer.client.secret"));
  EXPECT_FALSE(kafka::property_secret("client.rack"));
}

TEST(KafkaSettingsTest, AFaultNamesThePropertyAndTheReason) {
  EXPECT_THAT(kafka::property_fault("session.timeout.ms", "soon").value_or(""),
              HasSubstr("session.timeout.ms"));
  EXPECT_FALSE(kafka::property_fault("session.timeout.ms", "10000"));
}

TEST(FetchBudgetTest, IsDividedAmongLanesAndBoundedBothWays) {
  constexpr std::size_t kMemory = std::size_t{64} << 20U;
  const auto eight = kafka::fetch_budget(kMemory, 8);
  EXPECT_EQ(eight.records, 8'192U);
  EXPECT_EQ(eight.kilobytes, 8'192U);
  EXPECT_EQ(kafka::fetch_budget(kMemory, 1).records, 65'536U);
  EXPECT_EQ(kafka::fetch_budget(kMemory, 256).records, 256U);
  EXPECT_EQ(kafka::fetch_budget(kMemory, 10'000).records, 256U);
  EXPECT_GT(kafka::fetch_budget(kMemory, 0).records, 0U);
}

}  // namespace
}  // namespace pawl::test
