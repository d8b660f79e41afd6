// A corrected command is read back as the consumer will read it.
#include "codec_fixture.h"
#include "pawl/codec/edited_record.h"
#include "pawl/codec/headers_json.h"

namespace pawl::codec {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kNewUuid = "0190b5a2-7c3e-7d10-8a52-00000000ed17";

class EditedRecordTest : public DecoderTest {
 protected:
  std::expected<EditedRecord, std::string> edit(std::string_view json) {
    return edited_record(record_,
                         {.type = open_account_,
                          .json = json,
                          .id = Uuid::parse(kNewUuid).value(),
                          .original_id = Uuid::parse(kUuid).value(),
                          .topic = kTopic});
  }
  /// Puts what came of it in the record's place.
  void take(const EditedRecord& edited) {
    written_.headers.clear();
    for (const OwnedHeader& each : headers_of_json(edited.headers))
      written_.headers.emplace_back(each.name, each.value);
    value(edited.payload);
  }
  void edit_and_take(std::string_view json) {
    const auto edited = edit(json);
    ASSERT_TRUE(edited) << edited.error();
    take(*edited);
  }
  std::string in_header(std::string_view name) {
    const auto found = record_.header(name);
    return found ? std::string(found->value.value_or("null")) : "none";
  }
  std::string why_not(std::string_view json) {
    const auto edited = edit(json);
    EXPECT_FALSE(edited);
    return edited ? "" : edited.error();
  }
};

TEST_F(EditedRecordTest, IsANewCommandThatNamesTheOriginal) {
  open_account_event();
  header("shop", "7");
  edit_and_take(R"({"accountId": "8", "currency": "USD"})");
  EXPECT_EQ(decoded().id.to_string(), kNewUuid);
  EXPECT_EQ(as_open_account(decoded()).account_id(), 8);
  EXPECT_EQ(decoded().source, "/shop");
  EXPECT_EQ(decoded().correlation_id, kUuid);
  EXPECT_EQ(in_header("ce_causationid"), kUuid);
  EXPECT_EQ(in_header("pawl_edited_from"), kUuid);
  EXPECT_EQ(in_header("shop"), "7");
}

TEST_F(EditedRecordTest, AnEditOfAnEditStillBelongsToTheFirstCommand) {
  open_account_event();
  header("ce_correlationid", "the-first");
  header("CE_CAUSATIONID", "before");
  header("pawl_edited_from", "before");
  edit_and_take(R"({"accountId": "8"})");
  EXPECT_EQ(decoded().correlation_id, "the-first");
  EXPECT_EQ(in_header("ce_causationid"), kUuid);
  EXPECT_EQ(in_header("CE_CAUSATIONID"), "none");
  EXPECT_EQ(in_header("pawl_edited_from"), kUuid);
}

TEST_F(EditedRecordTest, KeepsJsonWhereTheOriginalWasJson) {
  json_event(R"({"accountId": "7"})");
  edit_and_take(R"({"accountId": "8", "currency": "USD"})");
  EXPECT_EQ(in_header("content-type"), "application/json");
  EXPECT_THAT(std::string(*record_.value), HasSubstr("\"USD\""));
  EXPECT_EQ(as_open_account(decoded()).account_id(), 8);
}

TEST_F(EditedRecordTest, AStructuredEventBecomesABinaryOne) {
  structured_event(
      R"({"specversion": "1.0", "id": "a-1", "source": "/shop", "type": "ledger.v1.OpenAccount",
          "correlationid": "c", "data": {"accountId": "7"}})");
  edit_and_take(R"({"accountId": "8"})");
  EXPECT_EQ(in_header("content-type"), "application/json");
  EXPECT_EQ(in_header("ce_causationid"), "a-1");
  EXPECT_EQ(decoded().source, "/shop");
  EXPECT_EQ(decoded().correlation_id, "c");
  EXPECT_EQ(as_open_account(decoded()).account_id(), 8);
}

TEST_F(EditedRecordTest, WhateverWasBrokenIsWhole) {
  header("ce_type", "ledger.v1.OpenAccount");
  header("content-type", "text/plain");
  header("ce_id", "\xff");
  edit_and_take(R"({"accountId": "8"})");
  EXPECT_EQ(as_open_account(decoded()).account_id(), 8);
  EXPECT_EQ(in_header("content-type"), "application/protobuf");
  EXPECT_EQ(decoded().source, kTopic);
  EXPECT_EQ(decoded().correlation_id, kUuid);
}

TEST_F(EditedRecordTest, WhatDoesNotFitIsNamedAndNotQuoted) {
  open_account_event();
  EXPECT_THAT(why_not(R"({"accountId": "8", "iban": "DE89"})"),
              testing::AllOf(HasSubstr("\"iban\""), Not(HasSubstr("DE89"))));
  EXPECT_THAT(why_not(R"({"accountId": "secret"})"),
              testing::AllOf(HasSubstr("account_id"), Not(HasSubstr("secret"))));
  EXPECT_THAT(why_not(R"({"accountId": secret)"),
              testing::AllOf(HasSubstr("not JSON"), Not(HasSubstr("secret"))));
  EXPECT_NE(why_not("null"), "");
  EXPECT_NE(why_not(""), "");
}

}  // namespace
}  // namespace pawl::codec
