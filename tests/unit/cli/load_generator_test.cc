#include "command_publisher/load_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "ledger/v1/commands.pb.h"
#include "pawl/codec/command_decoder.h"
#include "pawl/codec/command_type.h"
#include "support/records.h"

namespace command_publisher {
namespace {

using pawl::codec::Encoding;
using testing::DoubleNear;

constexpr int kMany = 40'000;

/// A record whose bytes are its own.
struct Kept {
  Kind kind;
  pawl::Uuid id;
  std::string key;
  std::optional<std::string> value;
  std::map<std::string, std::string> headers;

  bool operator==(const Kept&) const = default;
  [[nodiscard]] auto content() const { return std::tie(key, value, headers); }
};

Kept keep(const GeneratedRecord& record) {
  Kept kept{record.kind, record.id, std::string(record.key), std::nullopt, {}};
  if (record.value) kept.value = std::string(*record.value);
  for (const pawl::Header& header : record.headers)
    kept.headers[std::string(header.name)] = std::string(*header.value);
  return kept;
}

pawl::WallTime at(int ms) {
  return pawl::WallTime{std::chrono::milliseconds{1'800'000'000'000 + ms}};
}

std::vector<Kept> generate(LoadGenerator& generator, int count) {
  std::vector<Kept> records;
  for (int i = 0; i < count; ++i) records.push_back(keep(generator.next(at(i / 10))));
  return records;
}

std::vector<Kept> generate(const LoadShape& shape, int count) {
  LoadGenerator generator{shape};
  return generate(generator, count);
}

LoadShape mixed() {
  return {.accounts = 100,
          .open_accounts = false,
          .captures = 0.10,
          .closings = 0.05,
          .duplicates = 0.08,
          .rejections = 0.06,
          .garbage = 0.04,
          .seed = 42};
}

class Decoder {
 public:
  /// Empty when the consumer would take the record for a command.
  std::string problem(const Kept& kept) {
    const pawl::Record record =
        pawl::test::make_record({kept.key, kept.value, {kept.headers.begin(), kept.headers.end()}});
    pawl::codec::MessageArena arena;
    const auto decoded = decoder_.decode(record, "ledger.commands", arena);
    if (!decoded) return decoded.error().code + ": " + decoded.error().text;
    EXPECT_EQ(decoded->id, kept.id);
    return "";
  }

 private:
  pawl::codec::CommandType open_ = pawl::codec::command_type_of<ledger::v1::OpenAccount>();
  pawl::codec::CommandType transfer_ = pawl::codec::command_type_of<ledger::v1::TransferFunds>();
  pawl::codec::CommandType capture_ = pawl::codec::command_type_of<ledger::v1::CapturePayment>();
  pawl::codec::CommandType close_ = pawl::codec::command_type_of<ledger::v1::CloseMonth>();
  pawl::codec::CommandDecoder decoder_{{&open_, &transfer_, &capture_, &close_}};
};

TEST(LoadGenerator, RepeatsItselfForTheSameSeedOnly) {
  LoadShape shape = mixed();
  const auto records = generate(shape, 2000);
  EXPECT_EQ(generate(shape, 2000), records);
  shape.seed = 43;
  EXPECT_NE(generate(shape, 2000), records);
}

TEST(LoadGenerator, OpensEveryAccountOnceBeforeAnythingElse) {
  LoadShape shape = mixed();
  shape.open_accounts = true;
  shape.first_account = 500;
  LoadGenerator generator{shape};
  std::set<std::string> keys;
  for (const Kept& record : generate(generator, 100)) {
    EXPECT_EQ(record.kind, Kind::open);
    keys.insert(record.key);
  }
  EXPECT_FALSE(generator.opening());
  EXPECT_EQ(keys.size(), 100U);
  EXPECT_TRUE(keys.contains("500"));
  EXPECT_TRUE(keys.contains("599"));
}

TEST(LoadGenerator, KeepsTheSharesThatWereAskedFor) {
  LoadGenerator generator{mixed()};
  generate(generator, kMany);
  const auto share = [&](Kind kind) {
    return static_cast<double>(generator.counts().of(kind)) / kMany;
  };
  EXPECT_THAT(share(Kind::capture), DoubleNear(0.10, 0.006));
  EXPECT_THAT(share(Kind::closing), DoubleNear(0.05, 0.006));
  EXPECT_THAT(share(Kind::duplicate), DoubleNear(0.08, 0.006));
  EXPECT_THAT(share(Kind::rejection), DoubleNear(0.06, 0.006));
  EXPECT_THAT(share(Kind::garbage), DoubleNear(0.04, 0.006));
  EXPECT_EQ(generator.counts().all(), static_cast<std::uint64_t>(kMany));
}

TEST(LoadGenerator, ClosesEachAccountsMonthsInOrder) {
  const LoadShape shape{.accounts = 30, .open_accounts = false, .captures = 0, .closings = 1};
  std::map<std::string, std::string> last;
  for (const Kept& record : generate(shape, 3000)) {
    ledger::v1::CloseMonth command;
    ASSERT_TRUE(command.ParseFromString(record.value.value_or("")));
    EXPECT_EQ(record.key, std::to_string(command.account_id()));
    EXPECT_GT(command.month(), last[record.key]);
    last[record.key] = command.month();
  }
  EXPECT_EQ(last.size(), 30U);
  EXPECT_EQ(last["1"], "2008-04") << "100 months";
}

TEST(LoadGenerator, DuplicatesRepeatAnEarlierRecordToTheByte) {
  std::map<pawl::Uuid, Kept> first;
  std::size_t duplicates = 0;
  for (const Kept& record : generate(mixed(), kMany)) {
    if (record.kind == Kind::garbage) continue;
    if (record.kind != Kind::duplicate) {
      EXPECT_TRUE(first.emplace(record.id, record).second) << "an id was given twice";
      continue;
    }
    ++duplicates;
    const auto earlier = first.find(record.id);
    ASSERT_NE(earlier, first.end());
    EXPECT_EQ(record.content(), earlier->second.content());
  }
  EXPECT_GT(duplicates, 2000U);
}

TEST(LoadGenerator, DuplicatesComeSoonAndLate) {
  std::map<pawl::Uuid, int> first;
  int near = 0;
  int far = 0;
  int number = 0;
  for (const Kept& record : generate(mixed(), kMany)) {
    ++number;
    if (record.kind != Kind::duplicate) {
      first.emplace(record.id, number);
    } else {
      ++(number - first.at(record.id) < 150 ? near : far);
    }
  }
  EXPECT_GT(near, 1000);
  EXPECT_GT(far, 1000);
}

class LoadGeneratorEncoding : public testing::TestWithParam<Encoding> {};

TEST_P(LoadGeneratorEncoding, EverythingButGarbageIsACommand) {
  LoadShape shape = mixed();
  shape.open_accounts = true;
  shape.encoding = GetParam();
  Decoder decoder;
  for (const Kept& record : generate(shape, 4000)) {
    const std::string problem = decoder.problem(record);
    EXPECT_EQ(problem.empty(), record.kind != Kind::garbage)
        << to_string(record.kind) << " " << problem;
  }
}

TEST_P(LoadGeneratorEncoding, PayloadsAreFilledUpAndStayCommands) {
  for (const std::size_t bytes : {150U, 180U, 200U, 230U, 1024U, 16'500U, 32'768U, 3'000'000U}) {
    LoadShape shape = mixed();
    shape.garbage = 0;
    shape.encoding = GetParam();
    shape.payload_bytes = bytes;
    Decoder decoder;
    for (const Kept& record : generate(shape, 20)) {
      EXPECT_EQ(decoder.problem(record), "");
      EXPECT_EQ(record.value->size(), bytes);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both,
                         LoadGeneratorEncoding,
                         testing::Values(Encoding::protobuf, Encoding::json));

TEST(LoadGenerator, KeysAreTheDebitedAccounts) {
  for (const Kept& record : generate(mixed(), 500)) {
    if (record.kind != Kind::transfer) continue;
    ledger::v1::TransferFunds transfer;
    ASSERT_TRUE(transfer.ParseFromString(*record.value));
    EXPECT_EQ(record.key, std::to_string(transfer.debit_account_id()));
    EXPECT_NE(transfer.debit_account_id(), transfer.credit_account_id());
    EXPECT_GT(transfer.amount(), 0);
  }
}

TEST(LoadGenerator, IdsAreOfTheKindAskedFor) {
  LoadShape shape = mixed();
  for (const Kept& record : generate(shape, 100)) EXPECT_EQ(record.id.version(), 7);
  shape.ids = IdKind::random;
  for (const Kept& record : generate(shape, 100)) EXPECT_EQ(record.id.version(), 4);
}

TEST(LoadGenerator, PutsTheHotShareOnTheHotAccounts) {
  LoadShape shape = mixed();
  shape.accounts = 1000;
  shape.closings = 0;  // they go round
  shape.skew = {.hot_share = 0.5, .hot_accounts = 10};
  int hot = 0;
  for (const Kept& record : generate(shape, 10'000)) hot += std::stoi(record.key) <= 10 ? 1 : 0;
  EXPECT_NEAR(hot, 5050, 250);
}

TEST(LoadGenerator, RefusesShapesThatMakeNoSense) {
  EXPECT_THROW((LoadGenerator{{.accounts = 1}}), std::invalid_argument);
  EXPECT_THROW((LoadGenerator{{.duplicates = 0.6, .garbage = 0.5}}), std::invalid_argument);
  EXPECT_THROW((LoadGenerator{{.garbage = -0.1}}), std::invalid_argument);
  EXPECT_THROW((LoadGenerator{{.accounts = 5, .skew = {.hot_share = 0.5, .hot_accounts = 6}}}),
               std::invalid_argument);
}

TEST(LoadGenerator, AMemoStandsInEveryTransferAndChangesNothingElse) {
  LoadShape shape{.accounts = 100, .open_accounts = false, .captures = 0};
  const auto invoices = generate(shape, 10);
  shape.memo = "to be refused";
  const auto marked = generate(shape, 10);
  for (std::size_t i = 0; i < marked.size(); ++i) {
    ledger::v1::TransferFunds with, without;
    ASSERT_TRUE(with.ParseFromString(*marked[i].value));
    ASSERT_TRUE(without.ParseFromString(*invoices[i].value));
    EXPECT_EQ(with.memo(), "to be refused");
    EXPECT_EQ(with.amount(), without.amount());
    EXPECT_EQ(marked[i].id, invoices[i].id);
    EXPECT_EQ(marked[i].key, invoices[i].key);
  }
}

}  // namespace
}  // namespace command_publisher
