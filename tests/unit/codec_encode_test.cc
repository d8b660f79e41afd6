// The sending side is read back by the receiving side.
#include "codec_fixture.h"
#include "pawl/codec/command_encoder.h"

namespace pawl::codec {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class EncoderTest : public DecoderTest {
 protected:
  void send(const CommandHeaders& command, std::string payload) {
    for (auto& [name, text] : command_headers(command)) header(name, text);
    value(std::move(payload));
  }
};

TEST_F(EncoderTest, JsonBecomesBinaryAndIsReadBack) {
  const auto bytes = binary_of_json(open_account_, R"({"account_id": 7, "currency": "EUR"})");
  ASSERT_TRUE(bytes);
  send({.id = kUuid, .source = "/cli", .type = open_account_.name}, *bytes);
  EXPECT_EQ(as_open_account(decoded()).account_id(), 7);
  EXPECT_EQ(decoded().source, "/cli");
}

TEST_F(EncoderTest, JsonIsSentAsJson) {
  send({.id = "1", .source = "/cli", .type = open_account_.name, .encoding = Encoding::json},
       R"({"account_id": 7})");
  EXPECT_EQ(as_open_account(decoded()).account_id(), 7);
}

TEST_F(EncoderTest, OptionalHeadersAreThereWhenSet) {
  const auto headers = command_headers({.id = "1",
                                        .source = "/cli",
                                        .type = "a.B",
                                        .time = WallTime{std::chrono::milliseconds{1}},
                                        .correlation_id = "c",
                                        .traceparent = "t"});
  EXPECT_THAT(headers,
              testing::ElementsAre(Pair("ce_specversion", "1.0"),
                                   Pair("ce_id", "1"),
                                   Pair("ce_source", "/cli"),
                                   Pair("ce_type", "a.B"),
                                   Pair("ce_time", "1970-01-01T00:00:00.001Z"),
                                   Pair("content-type", "application/protobuf"),
                                   Pair("ce_correlationid", "c"),
                                   Pair("traceparent", "t")));
}

TEST_F(EncoderTest, WrongJsonNamesTheField) {
  const auto bytes = binary_of_json(open_account_, R"({"acount_id": 4111})");
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error(), HasSubstr("acount_id"));
  EXPECT_THAT(bytes.error(), Not(HasSubstr("4111")));
}

}  // namespace
}  // namespace pawl::codec
