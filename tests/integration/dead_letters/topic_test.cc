// What a ledger on a real Kafka does with its dead letters: their records' headers, and their end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/programs.h"
#include "crash/world.h"
#include "pawl/kafka/record_reader.h"
#include "support/eventually.h"
#include "support/files.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

constexpr std::int64_t kProducedAt = 1'700'000'000'123;  // 0x0000018bcfe5687b

class DeadLetterTopic : public testing::Test {
 protected:
  /// Garbage at offset 1 of partition 2, with bytes in its headers.
  void send_garbage() {
    kafka::RecordProducer producer{{.kafka = {.brokers = world_.sources().brokers}}};
    for (const char* value : {"first", "second"}) {
      const std::vector<Header> headers{{"ce_type", "no.such.Type"},
                                        {"binary", std::string_view("\x00\xff\x80", 3)},
                                        {"nothing", std::nullopt}};
      producer.produce({.topic = world_.sources().commands_topic,
                        .partition = 2,
                        .key = "k",
                        .value = value,
                        .headers = headers,
                        .timestamp = WallTime{std::chrono::milliseconds{kProducedAt}}});
      ASSERT_TRUE(producer.flush(30s));
    }
  }
  /// Of the second one's record on the dead-letter topic.
  Headers dead_headers() {
    Headers headers;
    kafka::RecordReader reader{{.brokers = world_.sources().brokers},
                               world_.sources().dead_letter_topic};
    while (!reader.at_end()) {
      const auto record = reader.poll(5s);
      if (!record || record->value != "second") continue;
      for (std::size_t i = 0; const auto header = record->header_at(i); ++i)
        headers.emplace_back(header->name, owned(header->value));
    }
    return headers;
  }
  /// Those of a ledger with this dead_letters.header_style and other settings.
  Headers headers_in(const std::string& style, std::map<std::string, std::string> others = {}) {
    others["PAWL_DEAD_LETTERS__HEADER_STYLE"] = style;
    const auto ledger = world_.start_ledger(std::move(others));
    send_garbage();
    EXPECT_TRUE(eventually("both are on the topic", [&] {
      return world_.received() == 2 && world_.unfinished().empty();
    })) << ledger->describe();
    return dead_headers();
  }
  World world_;
};

// A relay of its own reads them from the outbox's table; the embedded one takes them from memory.
TEST_F(DeadLetterTopic, SpringsHeadersArriveByteByByteThroughTheTable) {
  const auto relay = world_.start({relay_program(), "--config", world_.config_file()});
  EXPECT_THAT(headers_in("spring", {{"PAWL_RELAY__EMBEDDED", "false"}}),
              AllOf(Contains(Pair("binary", "\x00\xff\x80"s)),
                    Contains(Pair("nothing", std::nullopt)),
                    Contains(Pair("kafka_dlt-original-partition", "\x00\x00\x00\x02"s)),
                    Contains(Pair("kafka_dlt-original-offset", "\0\0\0\0\0\0\0\x01"s))));
}

TEST_F(DeadLetterTopic, SpringsHeadersArriveByteByByte) {
  const Headers headers = headers_in("spring");
  EXPECT_THAT(headers,
              AllOf(Contains(Pair("ce_type", "no.such.Type")),
                    Contains(Pair("binary", "\x00\xff\x80"s)),
                    Contains(Pair("nothing", std::nullopt))));
  EXPECT_THAT(
      headers,
      AllOf(Contains(Pair("kafka_dlt-original-topic", world_.sources().commands_topic)),
            Contains(Pair("kafka_dlt-original-partition", "\x00\x00\x00\x02"s)),
            Contains(Pair("kafka_dlt-original-offset", "\x00\x00\x00\x00\x00\x00\x00\x01"s)),
            Contains(Pair("kafka_dlt-original-timestamp", "\x00\x00\x01\x8b\xcf\xe5\x68\x7b"s)),
            Contains(Pair("kafka_dlt-original-timestamp-type", "CreateTime")),
            Contains(Pair("kafka_dlt-original-consumer-group", world_.sources().consumer)),
            Contains(
                Pair("kafka_dlt-exception-fqcn", testing::Optional(StartsWith("undecodable."))))));
  EXPECT_THAT(headers, Contains(Key("pawl_dead_fingerprint")));
  EXPECT_THAT(headers, Not(Contains(Key("pawl_dead_topic"))));
}

TEST_F(DeadLetterTopic, ConnectsHeadersArriveAsText) {
  const Headers headers = headers_in("connect");
  EXPECT_THAT(headers,
              AllOf(Contains(Pair("__connect.errors.topic", world_.sources().commands_topic)),
                    Contains(Pair("__connect.errors.partition", "2")),
                    Contains(Pair("__connect.errors.offset", "1")),
                    Contains(Pair("__connect.errors.stage", "VALUE_CONVERTER"))));
  EXPECT_THAT(headers, Not(Contains(Key("pawl_dead_topic"))));
}

TEST_F(DeadLetterTopic, LettersThatExpireStayInTheBooks) {
  const TemporaryFolder archive{"archive"};
  {
    const auto ledger = world_.start_ledger(
        {{"PAWL_DEAD_LETTERS__RETENTION", "1s"}, {"PAWL_DEAD_LETTERS__ARCHIVE", archive.path()}});
    world_.produce(500);
    ASSERT_TRUE(world_.drains()) << ledger->describe();
    ASSERT_TRUE(eventually("they are gone", [&] {
      return world_.database().number("SELECT count(*) FROM pawl.dead_letter") == 0;
    })) << ledger->describe();
    ledger->signal(SIGTERM);
    EXPECT_EQ(ledger->wait(), 0);
    EXPECT_THAT(ledger->errors(), HasSubstr("nobody had decided"));
  }
  const std::int64_t dead = world_.database().number(
      "SELECT sum(exhausted + undecodable)::bigint FROM pawl.consumer_position");
  ASSERT_GT(dead, 0);
  std::int64_t archived = 0;
  for (const auto& file : std::filesystem::directory_iterator(archive.path())) {
    const std::string lines = read_file(file.path());
    archived += std::ranges::count(lines, '\n');
  }
  EXPECT_EQ(archived, dead);
  const auto reconcile = [&] {
    return run({.command = {pawl_program(),
                            "reconcile",
                            "--config",
                            world_.config_file(),
                            "--ledger",
                            "--drained"}});
  };
  const Finished balanced = reconcile();
  EXPECT_EQ(balanced.exit_code, 0) << balanced.output;
  EXPECT_THAT(balanced.output, HasSubstr(std::to_string(dead) + " expired"));
  world_.database().execute(
      "UPDATE pawl.dead_letter_expired SET letters = letters - 1 WHERE partition = (SELECT "
      "min(partition) FROM pawl.dead_letter_expired)");
  EXPECT_EQ(reconcile().exit_code, 1) << "one is neither there nor expired";
}

// Garbage of which the type is known, made a command by hand while its ledger runs.
TEST_F(DeadLetterTopic, LettersThatWereEditedAreDoneAndStayInTheBooks) {
  const auto ledger = world_.start_ledger();
  world_.produce(500);
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  const auto letters = world_.database().execute(
      "SELECT id::text FROM pawl.dead_letter WHERE type = 'ledger.v1.TransferFunds' LIMIT 3");
  ASSERT_EQ(letters.rows(), 3);
  const auto transfers = [&] {
    return world_.database().number("SELECT count(*) FROM ledger.transfer");
  };
  const std::int64_t before = transfers();
  for (int row = 0; row < letters.rows(); ++row) {
    const Finished edited = run(
        {.command = {pawl_program(),
                     "dead",
                     "redrive",
                     std::string(letters.text(row, 0)),
                     "--config",
                     world_.config_file(),
                     "--edit",
                     "-",
                     "--reason",
                     "mended by hand"},
         .environment = {{"PAWL_DEAD_LETTERS__ALLOW_EDIT", "true"}},
         .input =
             R"({"debitAccountId": "1", "creditAccountId": "2", "amount": "1", "currency": "EUR"})"});
    ASSERT_EQ(edited.exit_code, 0) << edited.errors;
  }
  ASSERT_TRUE(eventually("they are done", [&] {
    return transfers() == before + 3 && world_.unfinished().empty();
  })) << ledger->describe();
  const Finished balanced = run({.command = {pawl_program(),
                                             "reconcile",
                                             "--config",
                                             world_.config_file(),
                                             "--ledger",
                                             "--drained"}});
  EXPECT_EQ(balanced.exit_code, 0) << balanced.output;
}

}  // namespace
}  // namespace pawl::test
