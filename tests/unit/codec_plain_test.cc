// Topics that do not speak CloudEvents.
#include "codec_fixture.h"

namespace pawl::codec {
namespace {

using testing::HasSubstr;

class PlainModeTest : public DecoderTest {
 protected:
  std::expected<DecodedCommand, Undecodable> decode_plain(std::string_view id,
                                                          std::string_view content_type) {
    auto settings = plain_settings("ledger.v1.OpenAccount", id, content_type);
    if (!settings) throw std::invalid_argument(settings.error());
    plain_.emplace(std::vector<const CommandType*>{&open_account_}, *settings);
    return plain_->decode(record_, kTopic, arena_);
  }
  std::optional<CommandDecoder> plain_;
};

TEST_F(PlainModeTest, IdFromAHeader) {
  header("order-id", "o-1");
  value(open_account(7, "EUR"));
  const auto command = decode_plain("header:order-id", "protobuf");
  ASSERT_TRUE(command);
  EXPECT_EQ(as_open_account(*command).account_id(), 7);
  EXPECT_EQ(command->id_text, "o-1");
  EXPECT_EQ(command->source, kTopic);
}

TEST_F(PlainModeTest, IdFromTheJsonValue) {
  value(R"({"account_id": 7, "currency": "EUR"})");
  EXPECT_EQ(decode_plain("json:/currency", "json")->id_text, "EUR");
  EXPECT_EQ(decode_plain("json:/account_id", "json")->id_text, "7");
}

TEST_F(PlainModeTest, UuidIsUsedAsItIs) {
  header("id", std::string(kUuid));
  value("{}");
  EXPECT_EQ(decode_plain("header:id", "json")->id, Uuid::parse(kUuid));
}

TEST_F(PlainModeTest, ContentTypeOfTheRecordIsNotAsked) {
  header("id", "1");
  header("content-type", "text/plain");
  value("{}");
  EXPECT_TRUE(decode_plain("header:id", "json"));
}

TEST_F(PlainModeTest, WithoutItsIdItIsUndecodable) {
  value(R"({"account_id": {"x": 1}})");
  const auto by_header = decode_plain("header:order-id", "json");
  EXPECT_EQ(by_header.error().code, "missing_id");
  EXPECT_EQ(by_header.error().type, "ledger.v1.OpenAccount");
  EXPECT_THAT(by_header.error().text, HasSubstr("order-id"));
  EXPECT_EQ(decode_plain("json:/nowhere/at/all", "json").error().code, "missing_id");
  EXPECT_EQ(decode_plain("json:/account_id", "json").error().code, "missing_id");
  value("[]");
  EXPECT_EQ(decode_plain("json:/99999999999999999999", "json").error().code, "missing_id");
  value("garbage");
  EXPECT_EQ(decode_plain("json:/account_id", "json").error().code, "missing_id");
}

TEST_F(PlainModeTest, TombstoneIsUndecodable) {
  EXPECT_EQ(decode_plain("json:/account_id", "json").error().code, "no_value");
  header("id", "1");
  EXPECT_EQ(decode_plain("header:id", "json").error().code, "no_value");
}

TEST_F(PlainModeTest, IdThatIsNoTextIsUndecodable) {
  value(std::string("{\"currency\":\"a\\u0000b\"}"));
  EXPECT_EQ(decode_plain("json:/currency", "json").error().code, "bad_attribute");
}

TEST_F(PlainModeTest, CloudEventsAreStillReadAsSuch) {
  open_account_event();
  EXPECT_EQ(decode_plain("header:order-id", "json")->source, "/shop");
  without("ce_id");
  EXPECT_EQ(decode_plain("header:order-id", "json").error().code, "missing_id");
}

TEST_F(PlainModeTest, StructuredEventsAreStillReadAsSuch) {
  structured_event(R"({"specversion":"1.0","id":"order-1","source":"/shop",
                       "type":"ledger.v1.OpenAccount","data":{}})");
  EXPECT_EQ(decode_plain("header:order-id", "json")->source, "/shop");
}

TEST(PlainSettingsTest, FaultsNameTheSettingAndWhatWasExpected) {
  const auto fault = [](auto... settings) { return plain_settings(settings...).error(); };
  EXPECT_THAT(fault("", "header:id", "json"), HasSubstr("consumer.plain.type"));
  EXPECT_THAT(fault("a.B", "id", "json"), HasSubstr("consumer.plain.id"));
  EXPECT_THAT(fault("a.B", "header:", "json"), HasSubstr("header:NAME"));
  EXPECT_THAT(fault("a.B", "json:id", "json"), HasSubstr("json:/pointer"));
  EXPECT_THAT(fault("a.B", "json:/id~", "json"), HasSubstr("json:/pointer"));
  EXPECT_THAT(fault("a.B", "header:id", "xml"), HasSubstr("consumer.plain.content_type"));
  EXPECT_THAT(fault("a.B", "json:/id", "protobuf"), HasSubstr("consumer.plain.content_type"));
  EXPECT_TRUE(plain_settings("a.B", "header:id", "application/x-protobuf"));
}

TEST_F(PlainModeTest, TypeMustBeAHandledOne) {
  const auto settings = plain_settings("ledger.v1.Nothing", "header:id", "json");
  EXPECT_THROW(CommandDecoder({&open_account_}, *settings), std::invalid_argument);
}

}  // namespace
}  // namespace pawl::codec
