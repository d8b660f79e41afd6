// What readers of the dead-letter topic find, byte by byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pawl/codec/dead_letter_headers.h"
#include "pawl/codec/headers_json.h"

namespace pawl::codec {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::Key;
using testing::Not;
using testing::Pair;

using Found = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// The note of a record that says as much as a record can.
DeathNote full_note() {
  return {.topic = "ledger.commands",
          .partition = 0x01020384,
          .offset = 0x41424344'454647FF,
          .record_time = WallTime{1'700'000'000'123ms},
          .timestamp_type = TimestampType::create,
          .message_id = *Uuid::parse("0190b5a2-7c00-7000-8000-000000000001"),
          .type = "ledger.v1.TransferFunds",
          .consumer = "ledger",
          .attempts = 5,
          .first_failed_at = WallTime{0ms},
          .last_failed_at = WallTime{1'000ms},
          .failure_class = "handler",
          .code = "threw",
          .text = "no such thing",
          .fingerprint = -2};
}

/// As they are read back behind the outbox.
Found headers(const DeathNote& note, HeaderStyle style, std::vector<Header> original = {}) {
  Found found;
  for (OwnedHeader& header : headers_of_json(dead_letter_headers_json(original, note, style)))
    found.emplace_back(std::move(header.name), std::move(header.value));
  return found;
}

const Found kEverywhere{{"pawl_dead_message_id", "0190b5a2-7c00-7000-8000-000000000001"},
                        {"pawl_dead_fingerprint", "fffffffffffffffe"}};

Found with_those_of_every_style(Found expected) {
  expected.insert(expected.end(), kEverywhere.begin(), kEverywhere.end());
  return expected;
}

TEST(DeadLetterHeaders, TheOriginalOnesComeFirstAndUntouched) {
  const std::vector<Header> original{
      {"ce_id", "1"}, {"x", std::string_view("\xff\0", 2)}, {"none", std::nullopt}};
  for (const HeaderStyle style : {HeaderStyle::native, HeaderStyle::spring, HeaderStyle::connect}) {
    const Found found = headers(full_note(), style, original);
    EXPECT_THAT(Found(found.begin(), found.begin() + 3),
                ElementsAre(Pair("ce_id", "1"), Pair("x", "\xff\0"s), Pair("none", std::nullopt)));
  }
}

TEST(DeadLetterHeaders, InOurOwnWords) {
  EXPECT_THAT(headers(full_note(), HeaderStyle::native),
              ElementsAreArray(with_those_of_every_style(
                  {{"pawl_dead_topic", "ledger.commands"},
                   {"pawl_dead_partition", "16909188"},
                   {"pawl_dead_offset", "4702394921427290111"},
                   {"pawl_dead_consumer", "ledger"},
                   {"pawl_dead_attempts", "5"},
                   {"pawl_dead_first_failed_at", "1970-01-01T00:00:00.000Z"},
                   {"pawl_dead_last_failed_at", "1970-01-01T00:00:01.000Z"},
                   {"pawl_dead_class", "handler"},
                   {"pawl_dead_code", "threw"},
                   {"pawl_dead_text", "no such thing"}})));
}

TEST(DeadLetterHeaders, InSpringsWordsNumbersAreBytes) {
  EXPECT_THAT(headers(full_note(), HeaderStyle::spring),
              ElementsAreArray(with_those_of_every_style(
                  {{"kafka_dlt-exception-fqcn", "handler.threw"},
                   {"kafka_dlt-exception-cause-fqcn", "handler.threw"},
                   {"kafka_dlt-exception-message", "no such thing"},
                   {"kafka_dlt-original-topic", "ledger.commands"},
                   {"kafka_dlt-original-partition", "\x01\x02\x03\x84"s},
                   {"kafka_dlt-original-offset", "ABCDEFG\xff"s},
                   {"kafka_dlt-original-timestamp", "\x00\x00\x01\x8b\xcf\xe5\x68\x7b"s},
                   {"kafka_dlt-original-timestamp-type", "CreateTime"},
                   {"kafka_dlt-original-consumer-group", "ledger"}})));
}

TEST(DeadLetterHeaders, BytesThatHappenToBeTextStayThoseBytes) {
  DeathNote note = full_note();
  note.partition = 0x41424344;
  note.offset = 0;
  const Found found = headers(note, HeaderStyle::spring);
  EXPECT_THAT(found, Contains(Pair("kafka_dlt-original-partition", "ABCD")));
  EXPECT_THAT(found, Contains(Pair("kafka_dlt-original-offset", std::string(8, '\0'))));
}

TEST(DeadLetterHeaders, SpringIsToldWhoseTheTimestampIs) {
  DeathNote note = full_note();
  note.timestamp_type = TimestampType::log_append;
  EXPECT_THAT(headers(note, HeaderStyle::spring),
              Contains(Pair("kafka_dlt-original-timestamp-type", "LogAppendTime")));
  note.timestamp_type = TimestampType::none;
  note.record_time = {};
  EXPECT_THAT(headers(note, HeaderStyle::spring),
              Contains(Pair("kafka_dlt-original-timestamp-type", "NoTimestampType")));
  EXPECT_THAT(headers(note, HeaderStyle::spring),
              Contains(Pair("kafka_dlt-original-timestamp", std::string(8, '\xff'))));
}

TEST(DeadLetterHeaders, SpringIsNotToldATypeThatNobodyKept) {
  DeathNote note = full_note();
  note.timestamp_type = TimestampType::none;
  const Found found = headers(note, HeaderStyle::spring);
  EXPECT_THAT(found,
              Contains(Pair("kafka_dlt-original-timestamp", "\x00\x00\x01\x8b\xcf\xe5\x68\x7b"s)));
  EXPECT_THAT(found, Not(Contains(Key("kafka_dlt-original-timestamp-type"))));
}

TEST(DeadLetterHeaders, InConnectsWordsNumbersAreText) {
  EXPECT_THAT(headers(full_note(), HeaderStyle::connect),
              ElementsAreArray(with_those_of_every_style(
                  {{"__connect.errors.topic", "ledger.commands"},
                   {"__connect.errors.partition", "16909188"},
                   {"__connect.errors.offset", "4702394921427290111"},
                   {"__connect.errors.connector.name", "ledger"},
                   {"__connect.errors.task.id", "16909188"},
                   {"__connect.errors.stage", "TASK_PUT"},
                   {"__connect.errors.class.name", "ledger.v1.TransferFunds"},
                   {"__connect.errors.exception.class.name", "handler.threw"},
                   {"__connect.errors.exception.message", "no such thing"}})));
}

TEST(DeadLetterHeaders, ConnectIsToldThatARecordCouldNotBeRead) {
  DeathNote note = full_note();
  note.failure_class = "undecodable";
  EXPECT_THAT(headers(note, HeaderStyle::connect),
              Contains(Pair("__connect.errors.stage", "VALUE_CONVERTER")));
}

TEST(DeadLetterHeaders, TextsAreAlwaysTextAndBounded) {
  std::string text(4095, 'x');
  text += "€ and \xff more";
  DeathNote note = full_note();
  note.text = text;
  for (const auto& [style, name] : {std::pair{HeaderStyle::native, "pawl_dead_text"},
                                    {HeaderStyle::spring, "kafka_dlt-exception-message"},
                                    {HeaderStyle::connect, "__connect.errors.exception.message"}}) {
    EXPECT_THAT(headers(note, style), Contains(Pair(name, std::string(4095, 'x'))));
  }
  note.text = "\xff!";
  EXPECT_THAT(headers(note, HeaderStyle::native), Contains(Pair("pawl_dead_text", "?!")));
}

}  // namespace
}  // namespace pawl::codec
