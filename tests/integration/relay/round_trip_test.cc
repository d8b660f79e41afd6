// What the engine appends is what the relay reads.
#include <gtest/gtest.h>

#include "integration/relay/outbox_database.h"
#include "pawl/outbox/append.h"
#include "pawl/outbox/fetch.h"

namespace pawl::test {
namespace {

using std::chrono::milliseconds;

OutboxRow full_row() {
  OutboxRow row;
  row.topic = "test.events";
  row.key = std::string_view("k\0ey", 4);
  row.id = Uuid::v7(milliseconds{1'700'000'000'123}, 1, 2);
  row.type = "test.v1.Happened";
  row.source = "test";
  row.content_type = "application/protobuf";
  row.correlation_id = "c-1";
  row.causation_id = "c-2";
  row.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  row.headers = R"([["a", "1"], ["b", {"base64": "AA=="}], ["a", null]])";
  row.payload = std::string_view("\0\xff", 2);
  row.caused_at = WallTime{milliseconds{1'700'000'000'123}};
  return row;
}

OutboxRow bare_row() {
  OutboxRow row;
  row.topic = "test.events";
  row.type = "test.v1.Happened";
  row.source = "test";
  row.content_type = "application/json";
  return row;
}

class RoundTripTest : public testing::Test {
 protected:
  void append(std::int64_t batch,
              std::int32_t first_index,
              std::initializer_list<OutboxRow> added) {
    OutboxRows rows;
    for (const OutboxRow& row : added) rows.add(row);
    postgres::Parameters parameters;
    outbox::encode(batch, first_index, rows, parameters);
    EXPECT_EQ(connection_->execute(outbox::kAppend, parameters).affected(),
              static_cast<std::int64_t>(rows.size()));
  }
  outbox::FetchedRows fetch(const outbox::FetchBounds& bounds = {}) {
    postgres::Parameters parameters;
    outbox::encode_fetch({0, 0}, {}, bounds, parameters);
    return {connection_->execute(outbox::kFetch, parameters), bounds};
  }
  OutboxDatabase database_;
  std::unique_ptr<postgres::Connection> connection_ = database_.connect();
};

TEST_F(RoundTripTest, EveryColumnArrives) {
  append(7, 3, {full_row(), bare_row()});
  const auto rows = fetch();
  ASSERT_EQ(rows.rows(), 2);
  EXPECT_TRUE(rows.complete());
  EXPECT_EQ(rows.number(0), (outbox::RowNumber{7, 3}));
  EXPECT_EQ(rows.number(1), (outbox::RowNumber{7, 4}));
  const OutboxRow expected = full_row();
  const OutboxRow row = rows.read(0);
  EXPECT_EQ(row.topic, expected.topic);
  EXPECT_EQ(row.key, expected.key);
  EXPECT_EQ(row.id, expected.id);
  EXPECT_EQ(row.type, expected.type);
  EXPECT_EQ(row.source, expected.source);
  EXPECT_EQ(row.content_type, expected.content_type);
  EXPECT_EQ(row.correlation_id, expected.correlation_id);
  EXPECT_EQ(row.causation_id, expected.causation_id);
  EXPECT_EQ(row.traceparent, expected.traceparent);
  EXPECT_EQ(row.headers, expected.headers);
  EXPECT_EQ(row.payload, expected.payload);
  EXPECT_EQ(row.caused_at, expected.caused_at);
  EXPECT_LT(SystemClock{}.wall() - row.created_at, std::chrono::minutes{1});
}

TEST_F(RoundTripTest, WhatIsAbsentStaysAbsent) {
  append(7, 0, {full_row(), bare_row()});
  const auto rows = fetch();
  const OutboxRow row = rows.read(1);
  EXPECT_FALSE(row.key || row.correlation_id || row.causation_id || row.traceparent ||
               row.headers || row.payload);
  EXPECT_EQ(row.caused_at, WallTime{});
}

TEST_F(RoundTripTest, BoundsByRowsAndBytesAreSaid) {
  OutboxRow big = bare_row();
  const std::string payload(10'000, 'x');
  big.payload = payload;
  append(1, 0, {big, big, big});
  EXPECT_EQ(fetch({.rows_max = 2}).rows(), 2);
  EXPECT_FALSE(fetch({.rows_max = 2}).complete());
  EXPECT_FALSE(fetch({.rows_max = 3}).complete());
  EXPECT_TRUE(fetch({.rows_max = 4}).complete());
  const auto by_bytes = fetch({.bytes_max = 15'000});
  EXPECT_EQ(by_bytes.rows(), 2) << "up to the one that crosses the bound";
  EXPECT_FALSE(by_bytes.complete());
  EXPECT_EQ(fetch({.bytes_max = 1}).rows(), 1) << "at least one";
}

TEST_F(RoundTripTest, AnEmptyOutboxIsReadCompletely) {
  const auto rows = fetch();
  EXPECT_EQ(rows.rows(), 0);
  EXPECT_TRUE(rows.complete());
  EXPECT_GT(rows.horizon(), 0);
}

}  // namespace
}  // namespace pawl::test
