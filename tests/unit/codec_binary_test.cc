// CloudEvents binary mode, and every way in which it can be wrong.
#include "codec_fixture.h"

namespace pawl::codec {
namespace {

using testing::HasSubstr;
using testing::Not;

class BinaryModeTest : public DecoderTest {};

TEST_F(BinaryModeTest, ProtobufCommandIsRead) {
  open_account_event();
  record_.timestamp = WallTime{std::chrono::milliseconds{1'700'000'000'123}};
  const DecodedCommand command = decoded();
  EXPECT_EQ(as_open_account(command).account_id(), 7);
  EXPECT_EQ(as_open_account(command).currency(), "EUR");
  EXPECT_EQ(command.id, Uuid::parse(kUuid));
  EXPECT_EQ(command.id_text, kUuid);
  EXPECT_EQ(command.source, "/shop");
  EXPECT_EQ(command.produced_at, record_.timestamp);
  EXPECT_FALSE(command.correlation_id);
  EXPECT_FALSE(command.traceparent);
}

TEST_F(BinaryModeTest, ViewsPointIntoTheRecord) {
  open_account_event();
  EXPECT_EQ(decoded().id_text.data(), record_.header("ce_id")->value->data());
  EXPECT_EQ(decoded().source.data(), record_.header("ce_source")->value->data());
}

TEST_F(BinaryModeTest, JsonCommandIsReadUnderBothNamesOfAField) {
  json_event(R"({"account_id": "7", "currency": "EUR", "overdraftLimit": 12})");
  EXPECT_EQ(as_open_account(decoded()).account_id(), 7);
  EXPECT_EQ(as_open_account(decoded()).overdraft_limit(), 12);
}

TEST_F(BinaryModeTest, ContentTypeMayHaveParametersAndAnyCase) {
  for (const char* content_type : {"application/x-protobuf",
                                   "Application/Protobuf",
                                   " application/protobuf ; messageType=x"}) {
    without_headers();
    open_account_event();
    header("content-type", content_type);
    EXPECT_EQ(as_open_account(decoded()).account_id(), 7) << content_type;
  }
  for (const char* content_type :
       {"application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.ledger+json"}) {
    without_headers();
    json_event(R"({"account_id": 7})");
    header("content-type", content_type);
    EXPECT_EQ(as_open_account(decoded()).account_id(), 7) << content_type;
  }
}

TEST_F(BinaryModeTest, LastOfRepeatedHeadersCounts) {
  header("ce_id", "earlier");
  open_account_event();
  EXPECT_EQ(decoded().id_text, kUuid);
}

TEST_F(BinaryModeTest, HeaderNamesInAnyCaseAreAccepted) {
  header("Ce_Specversion", "1.0");
  header("CE_ID", std::string(kUuid));
  header("Ce_Source", "/shop");
  header("ce_Type", "ledger.v1.OpenAccount");
  header("Content-Type", "application/protobuf");
  value(open_account(7, "EUR"));
  EXPECT_EQ(decoded().id_text, kUuid);
}

TEST_F(BinaryModeTest, CorrelationAndTraceAreHandedOn) {
  open_account_event();
  header("ce_traceparent", "00-extension");
  header("ce_correlationid", "order-1");
  EXPECT_EQ(decoded().correlation_id, "order-1");
  EXPECT_EQ(decoded().traceparent, "00-extension");
  header("traceparent", "00-w3c");
  EXPECT_EQ(decoded().traceparent, "00-w3c");
}

TEST_F(BinaryModeTest, OptionalTextThatNoTableHoldsIsDropped) {
  open_account_event();
  header("ce_correlationid", std::string("a\0b", 3));
  header("traceparent", "\xff");
  EXPECT_FALSE(decoded().correlation_id);
  EXPECT_FALSE(decoded().traceparent);
}

TEST_F(BinaryModeTest, EmptyProtobufPayloadIsAMessageOfDefaults) {
  open_account_event();
  value("");
  EXPECT_EQ(as_open_account(decoded()).account_id(), 0);
}

TEST_F(BinaryModeTest, FingerprintTellsPayloadsApart) {
  open_account_event();
  const auto first = decoded().fingerprint;
  EXPECT_EQ(decoded().fingerprint, first);
  value(open_account(8, "EUR"));
  EXPECT_NE(decoded().fingerprint, first);
}

TEST_F(BinaryModeTest, WithoutIdItIsUndecodable) {
  open_account_event();
  without("ce_id");
  EXPECT_EQ(refused().code, "missing_id");
  EXPECT_THAT(refused().text, HasSubstr("ce_id"));
  EXPECT_EQ(refused().type, "ledger.v1.OpenAccount");
  EXPECT_FALSE(refused().id);
  header("ce_id", "");
  EXPECT_EQ(refused().code, "missing_id");
  header("ce_id", std::nullopt);
  EXPECT_EQ(refused().code, "missing_id");
}

TEST_F(BinaryModeTest, RecordWithoutAnyHeaderLacksItsId) {
  value("garbage");
  EXPECT_EQ(refused().code, "missing_id");
  EXPECT_THAT(refused().text, HasSubstr("consumer.plain.type"));
}

TEST_F(BinaryModeTest, WithoutSourceItIsUndecodable) {
  open_account_event();
  without("ce_source");
  EXPECT_EQ(refused().code, "missing_source");
}

TEST_F(BinaryModeTest, OtherSpecversionIsUndecodable) {
  open_account_event();
  header("ce_specversion", "0.3");
  EXPECT_EQ(refused().code, "bad_specversion");
  EXPECT_EQ(refused().text, "header ce_specversion is \"0.3\", expected \"1.0\"");
  EXPECT_EQ(refused().id, Uuid::parse(kUuid));
  without("ce_specversion");
  EXPECT_EQ(refused().text, "header ce_specversion is missing, expected \"1.0\"");
}

TEST_F(BinaryModeTest, WithoutTypeItIsUndecodable) {
  open_account_event();
  without("ce_type");
  EXPECT_EQ(refused().code, "missing_type");
}

TEST_F(BinaryModeTest, UnknownTypeNamesTheKnownOnes) {
  open_account_event();
  header("ce_type", "ledger.v1.OpenAcount");
  EXPECT_EQ(refused().code, "unknown_type");
  EXPECT_EQ(refused().type, "ledger.v1.OpenAcount");
  EXPECT_EQ(refused().text,
            "unknown type \"ledger.v1.OpenAcount\"; this consumer handles ledger.v1.OpenAccount, "
            "ledger.v1.TransferFunds");
}

TEST_F(BinaryModeTest, TypeThatIsNoTextIsNotHandedOn) {
  open_account_event();
  header("ce_type", "\xff\xfe");
  EXPECT_EQ(refused().type, "");
  EXPECT_THAT(refused().text, HasSubstr("\"??\""));
  header("ce_type", std::string(300, 'x'));
  EXPECT_EQ(refused().type, "");
  EXPECT_LT(refused().text.size(), 300);
}

TEST_F(BinaryModeTest, IdAndSourceMustBeText) {
  open_account_event();
  header("ce_source", std::string("a\0b", 3));
  EXPECT_EQ(refused().code, "bad_attribute");
  EXPECT_THAT(refused().text, HasSubstr("ce_source"));
  header("ce_id", "\xc3");
  EXPECT_THAT(refused().text, HasSubstr("ce_id"));
}

TEST_F(BinaryModeTest, OtherContentTypeIsUndecodable) {
  open_account_event();
  header("content-type", "application/avro; schema=9");
  EXPECT_EQ(refused().code, "unsupported_content_type");
  EXPECT_THAT(refused().text, HasSubstr("application/avro"));
  without("content-type");
  EXPECT_EQ(refused().code, "unsupported_content_type");
  EXPECT_THAT(refused().text, HasSubstr("header content-type is missing"));
}

TEST_F(BinaryModeTest, TombstoneIsUndecodable) {
  open_account_event();
  value(std::nullopt);
  EXPECT_EQ(refused().code, "no_value");
  EXPECT_EQ(refused().id, Uuid::parse(kUuid));
}

TEST_F(BinaryModeTest, ValueBeyondTheLimitIsUndecodable) {
  open_account_event();
  const CommandDecoder strict({&open_account_}, std::nullopt, record_.value->size() - 1);
  const auto answer = strict.decode(record_, kTopic, arena_);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "too_large");
  EXPECT_EQ(answer.error().id, Uuid::parse(kUuid));
}

TEST_F(BinaryModeTest, BytesThatAreNoMessageAreUndecodable) {
  open_account_event();
  value("\xff\xff\xff");
  EXPECT_EQ(refused().code, "bad_payload");
  EXPECT_EQ(refused().type, "ledger.v1.OpenAccount");
}

TEST_F(BinaryModeTest, TextFieldThatIsNotUtf8IsUndecodableAndSilent) {
  open_account_event();
  value(std::string("\x12\x03\xff\xff\xff", 5));  // field 2, currency
  testing::internal::CaptureStderr();
  EXPECT_EQ(refused().code, "bad_payload");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(BinaryModeTest, JsonOfANewerSchemaIsToldApartFromWhatIsWrong) {
  json_event(R"({"account_id": "7", "cvc": 4111})");
  EXPECT_EQ(refused().code, "unknown_field");
  EXPECT_THAT(refused().text, HasSubstr("field \"cvc\" is not known"));
  EXPECT_TRUE(is_perhaps_newer(refused()));
  value(R"({"4111 1111": 1})");
  EXPECT_EQ(refused().code, "unknown_field");
  EXPECT_THAT(refused().text, HasSubstr("a field is not known"));
  EXPECT_THAT(refused().text, Not(HasSubstr("4111")));
  value(R"({"account_id": "seven"})");
  EXPECT_FALSE(is_perhaps_newer(refused()));
}

TEST_F(BinaryModeTest, JsonFaultsNameTheFieldAndNeverTheValue) {
  struct Case {
    const char* json;
    const char* says;
  };
  for (const Case& each : {
           Case{R"({"account_id": "x4111"})", "field \"account_id\" has a value of another type"},
           Case{R"({"account_id": "a: invalid value 4111 for type 4111 x"})", "\"account_id\""},
           Case{R"({"account_id": [4111]})", "\"account_id\" is a list"},
           Case{R"({"currency": {"4111": 1}})", "has a value of another type, expected currency"},
           Case{R"({"currency": "4111)", "not JSON"},
           Case{R"({"currency" "4111"})", "not JSON: Expected : between key:value pair."},
           Case{R"([4111])", "not a JSON object"},
           Case{R"("4111")", "not a JSON object"},
           Case{"", "not JSON"},
           Case{"{\"currency\":\"4111\xff\"}", "not JSON: Encountered non UTF-8 code points."},
       }) {
    without_headers();
    json_event(each.json);
    EXPECT_EQ(refused().code, "bad_payload") << each.json;
    EXPECT_THAT(refused().text, HasSubstr(each.says)) << each.json;
    EXPECT_THAT(refused().text, Not(HasSubstr("4111"))) << each.json;
  }
}

TEST_F(BinaryModeTest, TwoTypesOfOneNameAreRefused) {
  EXPECT_THROW(CommandDecoder({&open_account_, &open_account_}), std::invalid_argument);
}

}  // namespace
}  // namespace pawl::codec
