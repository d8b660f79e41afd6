// CloudEvents structured JSON mode.
#include "codec_fixture.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

using testing::HasSubstr;
using testing::Not;

class StructuredModeTest : public DecoderTest {
 protected:
  static std::string event(const std::string& rest) {
    return R"({"specversion":"1.0","id":"order-1","source":"/shop","type":"ledger.v1.OpenAccount")" +
           rest + "}";
  }
};

TEST_F(StructuredModeTest, JsonDataIsRead) {
  structured_event(
      event(R"(,"dataschema":"x","subject":"s","correlationid":"c-1","data":{"account_id":7})"));
  const DecodedCommand command = decoded();
  EXPECT_EQ(as_open_account(command).account_id(), 7);
  EXPECT_EQ(command.id_text, "order-1");
  EXPECT_EQ(command.id.version(), 8);
  EXPECT_EQ(command.source, "/shop");
  EXPECT_EQ(command.correlation_id, "c-1");
}

TEST_F(StructuredModeTest, ProtobufDataIsReadFromBase64) {
  structured_event(event(R"(,"datacontenttype":"application/protobuf","data_base64":")" +
                         base64_encoded(open_account(7, "EUR")) + '"'));
  EXPECT_EQ(as_open_account(decoded()).currency(), "EUR");
}

TEST_F(StructuredModeTest, JsonDataMayComeAsBase64) {
  structured_event(event(R"(,"data_base64":")" + base64_encoded(R"({"account_id":7})") + '"'));
  EXPECT_EQ(as_open_account(decoded()).account_id(), 7);
}

TEST_F(StructuredModeTest, TraceOfTheRecordCountsWhenTheEventHasNone) {
  structured_event(event(R"(,"data":{})"));
  header("traceparent", "00-header");
  EXPECT_EQ(decoded().traceparent, "00-header");
  value(event(R"(,"data":{},"traceparent":"00-event")"));
  EXPECT_EQ(decoded().traceparent, "00-event");
}

TEST_F(StructuredModeTest, SameDataHasTheSameFingerprintWhateverSurroundsIt) {
  structured_event(
      event(R"(,"time":"2026-01-01T00:00:00Z","data":{"account_id":7,"currency":"EUR"})"));
  const auto first = decoded().fingerprint;
  value(event(R"(,"data":{"currency":"EUR", "account_id":7})"));
  EXPECT_EQ(decoded().fingerprint, first);
}

TEST_F(StructuredModeTest, MissingAttributesHaveTheirCodes) {
  structured_event(R"({"specversion":"1.0","source":"/shop","type":"t","data":{}})");
  EXPECT_EQ(refused().code, "missing_id");
  EXPECT_THAT(refused().text, HasSubstr("attribute \"id\""));
  value(R"({"specversion":"1.0","id":"1","type":"t","data":{}})");
  EXPECT_EQ(refused().code, "missing_source");
  value(R"({"specversion":"1.0","id":"1","source":"/shop","data":{}})");
  EXPECT_EQ(refused().code, "missing_type");
  value(R"({"id":"1","source":"/shop","type":"t","data":{}})");
  EXPECT_EQ(refused().code, "bad_specversion");
  value(R"({"specversion":"1.0","id":"1","source":"/shop","type":"t","data":{}})");
  EXPECT_EQ(refused().code, "unknown_type");
  value(event(R"(,"datacontenttype":"text/xml","data":"<a/>")"));
  EXPECT_EQ(refused().code, "unsupported_content_type");
  value(event(""));
  EXPECT_EQ(refused().code, "no_value");
  value(event(R"(,"data":null)"));
  EXPECT_EQ(refused().code, "no_value");
  value(event(R"(,"data":{"account_id":"x"})"));
  EXPECT_EQ(refused().code, "bad_payload");
}

TEST_F(StructuredModeTest, WhatIsNoEventIsUndecodableAndNotQuoted) {
  structured_event("4111");
  for (const std::string& json :
       {std::string("4111"),
        std::string("{\"id\":4111"),
        std::string("[4111]"),
        std::string(),
        std::string(R"({"id":4111})"),
        event(R"(,"data":4111,"data_base64":"")"),
        event(R"(,"data_base64":"4111$$$$")"),
        event(R"(,"data_base64":4111)"),
        event(R"(,"datacontenttype":"application/protobuf","data":{"account_id":4111})")}) {
    value(json);
    EXPECT_EQ(refused().code, "bad_structured_event") << json;
    EXPECT_THAT(refused().text, Not(HasSubstr("4111"))) << json;
  }
}

TEST_F(StructuredModeTest, DeepNestingIsRefusedBeforeItExhaustsTheStack) {
  structured_event(std::string(1'000'000, '['));
  EXPECT_EQ(refused().code, "bad_structured_event");
  const std::string deep = std::string(500'000, '[') + std::string(500'000, ']');
  value(event(",\"data\":" + deep));
  EXPECT_EQ(refused().code, "bad_structured_event");
  without_headers();
  json_event("{\"currency\":" + deep + "}");
  EXPECT_EQ(refused().code, "bad_payload");
}

TEST_F(StructuredModeTest, OtherEventFormatsAreUndecodable) {
  structured_event(event(R"(,"data":{})"));
  header("content-type", "application/cloudevents+avro");
  EXPECT_EQ(refused().code, "unsupported_content_type");
  header("content-type", "application/cloudevents-batch+json");
  EXPECT_EQ(refused().code, "unsupported_content_type");
}

TEST_F(StructuredModeTest, TombstoneAndTooLargeAreUndecodable) {
  structured_event(event(R"(,"data":{})"));
  const CommandDecoder strict({&open_account_}, std::nullopt, 10);
  EXPECT_EQ(strict.decode(record_, kTopic, arena_).error().code, "too_large");
  value(std::nullopt);
  EXPECT_EQ(refused().code, "no_value");
}

}  // namespace
}  // namespace pawl::codec
