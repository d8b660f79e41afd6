// A decoder for the ledger's commands, and a record that a test builds header by header.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ledger/v1/commands.pb.h"
#include "pawl/codec/command_decoder.h"
#include "support/records.h"

namespace pawl::codec {

inline constexpr std::string_view kTopic = "ledger.commands";
inline constexpr std::string_view kUuid = "0190b5a2-7c3e-7d10-8a52-0123456789ab";

class DecoderTest : public testing::Test {
 protected:
  // ---- the record

  void header(std::string name, std::optional<std::string> value) {
    written_.headers.emplace_back(std::move(name), std::move(value));
    write();
  }
  void without(std::string_view name) {
    std::erase_if(written_.headers, [&](const auto& each) { return each.first == name; });
    write();
  }
  void without_headers() {
    written_.headers.clear();
    write();
  }
  void value(std::optional<std::string> bytes) {
    written_.value = std::move(bytes);
    write();
  }
  void write() { record_ = test::make_record(written_); }

  void event_headers(std::string content_type = "application/protobuf") {
    header("ce_specversion", "1.0");
    header("ce_id", std::string(kUuid));
    header("ce_source", "/shop");
    header("ce_type", "ledger.v1.OpenAccount");
    header("content-type", std::move(content_type));
  }
  void open_account_event() {
    event_headers();
    value(open_account(7, "EUR"));
  }
  void json_event(std::string json) {
    event_headers("application/json");
    value(std::move(json));
  }
  void structured_event(std::string json) {
    header("content-type", "application/cloudevents+json; charset=UTF-8");
    value(std::move(json));
  }

  static std::string open_account(std::int64_t id, const std::string& currency) {
    ledger::v1::OpenAccount command;
    command.set_account_id(id);
    command.set_currency(currency);
    return command.SerializeAsString();
  }

  // ---- what the decoder makes of it

  std::expected<DecodedCommand, Undecodable> decode() {
    return decoder_.decode(record_, kTopic, arena_);
  }
  DecodedCommand decoded() {
    auto answer = decode();
    if (!answer) {
      ADD_FAILURE() << answer.error().code << ": " << answer.error().text;
      std::abort();
    }
    return *answer;
  }
  Undecodable refused() {
    auto answer = decode();
    if (answer) {
      ADD_FAILURE() << "was decoded";
      return {};
    }
    return answer.error();
  }
  static const ledger::v1::OpenAccount& as_open_account(const DecodedCommand& command) {
    EXPECT_EQ(command.type->name, "ledger.v1.OpenAccount");
    return *static_cast<const ledger::v1::OpenAccount*>(command.message);
  }

  CommandType open_account_ = command_type_of<ledger::v1::OpenAccount>();
  CommandType transfer_funds_ = command_type_of<ledger::v1::TransferFunds>();
  CommandDecoder decoder_{{&open_account_, &transfer_funds_}};
  MessageArena arena_;
  test::RecordBytes written_;
  Record record_;  // made anew of what was written
};

}  // namespace pawl::codec
