// Whatever bytes come, the decoder answers: a command, or one of its words.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "codec_fixture.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

const std::set<std::string> kCodes{"missing_id",
                                   "missing_source",
                                   "missing_type",
                                   "bad_specversion",
                                   "bad_attribute",
                                   "unknown_type",
                                   "no_value",
                                   "bad_payload",
                                   "unknown_field",
                                   "unsupported_content_type",
                                   "too_large",
                                   "bad_structured_event"};

class Fuzz {
 public:
  // Headers that are often nearly right, so that the bytes get far.
  void fill_headers() {
    using Pieces = std::vector<std::pair<std::string, std::vector<std::string>>>;
    const Pieces pieces{
        {"ce_id", {"1", "0190b5a2-7c3e-7d10-8a52-0123456789ab", ""}},
        {"ce_source", {"/s", ""}},
        {"ce_type", {"ledger.v1.OpenAccount", "ledger.v1.TransferFunds", "x"}},
        {"ce_specversion", {"1.0", "1.0", "2"}},
        {"content-type",
         {"application/protobuf", "application/json", "application/cloudevents+json", "x"}},
    };
    for (const auto& [name, values] : pieces) {
      switch (*rc::gen::inRange(0, 12)) {
        case 0:
          break;
        case 1:
          written_.headers.emplace_back(name, *rc::gen::arbitrary<std::string>());
          break;
        case 2:
          written_.headers.emplace_back(name, std::nullopt);
          break;
        default:
          written_.headers.emplace_back(name, *rc::gen::elementOf(values));
          break;
      }
    }
  }

  void fill_value(std::string bytes) { written_.value = std::move(bytes); }

  void check_answer() {
    const auto plain = plain_settings("ledger.v1.OpenAccount", "json:/account_id", "json");
    const Record record = test::make_record(written_);
    const CommandDecoder strict({&open_account_, &transfer_funds_});
    const CommandDecoder lenient({&open_account_, &transfer_funds_}, *plain);
    for (const CommandDecoder* decoder : {&strict, &lenient}) {
      const auto answer = decoder->decode(record, "topic", arena_);
      if (answer) {
        RC_ASSERT(static_cast<bool>(answer->message));
        RC_ASSERT(is_text(answer->id_text) && is_text(answer->source));
      } else {
        RC_ASSERT(kCodes.contains(answer.error().code));
        RC_ASSERT(is_text(answer.error().text) && answer.error().text.size() < 1000);
        RC_ASSERT(is_text(answer.error().type) && answer.error().type.size() <= 256);
      }
    }
  }

 private:
  CommandType open_account_ = command_type_of<ledger::v1::OpenAccount>();
  CommandType transfer_funds_ = command_type_of<ledger::v1::TransferFunds>();
  MessageArena arena_;
  test::RecordBytes written_;
};

RC_GTEST_PROP(DecoderFuzz, RandomBytesAreAnswered, (const std::string& bytes)) {
  Fuzz fuzz;
  fuzz.fill_headers();
  if (!bytes.empty()) fuzz.fill_value(bytes);
  fuzz.check_answer();
}

RC_GTEST_PROP(DecoderFuzz, BrokenMessagesAreAnswered, ()) {
  ledger::v1::TransferFunds command;
  command.set_debit_account_id(*rc::gen::arbitrary<std::int64_t>());
  command.set_amount(*rc::gen::arbitrary<std::int64_t>());
  command.set_memo("a memo of some length");
  std::string bytes = command.SerializeAsString();
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  Fuzz fuzz;
  fuzz.fill_headers();
  fuzz.fill_value(bytes.substr(0, *rc::gen::inRange<std::size_t>(0, bytes.size() + 1)));
  fuzz.check_answer();
}

RC_GTEST_PROP(DecoderFuzz, BrokenJsonIsAnswered, ()) {
  std::string json =
      R"({"specversion":"1.0","id":"1","source":"/s","type":"ledger.v1.OpenAccount",)"
      R"("account_id":1,"data":{"account_id":"7","currency":"EUR","overdraft_limit":1e3}})";
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, json.size());
    json[at] = *rc::gen::oneOf(rc::gen::element('{', '}', '[', ']', '"', '\\', ',', ':', '0', '-'),
                               rc::gen::arbitrary<char>());
  }
  Fuzz fuzz;
  fuzz.fill_headers();
  fuzz.fill_value(json);
  fuzz.check_answer();
}

}  // namespace
}  // namespace pawl::codec
