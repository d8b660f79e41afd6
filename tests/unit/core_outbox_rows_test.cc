#include <gtest/gtest.h>

#include <string>

#include "pawl/core/outbox_rows.h"

namespace pawl {
namespace {

TEST(OutboxRowsTest, KeepsItsOwnBytes) {
  OutboxRows rows;
  {
    std::string text = "key";
    std::string payload(100'000, 'x');
    rows.add({.topic = text, .key = text, .type = text, .payload = payload});
    text.assign(text.size(), '?');
    payload.assign(payload.size(), '?');
  }
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].topic, "key");
  EXPECT_EQ(rows[0].key, "key");
  EXPECT_EQ(rows[0].payload, std::string(100'000, 'x'));
}

TEST(OutboxRowsTest, AbsentIsNotEmpty) {
  OutboxRows rows;
  rows.add({.topic = "t", .key = "", .payload = std::string_view{}});
  EXPECT_EQ(rows[0].key, "");
  EXPECT_EQ(rows[0].payload, "");
  EXPECT_NE(rows[0].payload->data(), nullptr) << "which would be NULL to the database";
  EXPECT_EQ(rows[0].headers, std::nullopt);
}

TEST(OutboxRowsTest, EarlierRowsStayWhileMoreAreAdded) {
  OutboxRows rows;
  for (int i = 0; i < 1'000; ++i) {
    const std::string number = std::to_string(i);
    rows.add({.topic = i % 3 == 0 ? "a" : "b", .key = number, .payload = number});
  }
  const OutboxRows moved = std::move(rows);
  for (std::size_t i = 0; i < 1'000; ++i) {
    ASSERT_EQ(moved[i].topic, i % 3 == 0 ? "a" : "b");
    ASSERT_EQ(moved[i].key, std::to_string(i));
  }
}

TEST(OutboxRowsTest, KnowsInWhatAllRowsAgree) {
  OutboxRows rows;
  EXPECT_TRUE(rows.agree(&OutboxRow::type));
  rows.add({.topic = "t", .type = "a", .source = "s"});
  rows.add({.topic = "t", .type = "b", .source = "s"});
  EXPECT_FALSE(rows.agree(&OutboxRow::type));
  rows.add({.topic = "t", .type = "a", .source = ""});
  rows.add({.topic = "t", .type = "a", .source = "s"});
  EXPECT_FALSE(rows.agree(&OutboxRow::type)) << "the second differs";
  EXPECT_FALSE(rows.agree(&OutboxRow::source));
  EXPECT_TRUE(rows.agree(&OutboxRow::topic));
  EXPECT_TRUE(rows.agree(&OutboxRow::content_type)) << "empty in all";
}

TEST(OutboxRowsTest, CountsPayloadsKeysAndHeaders) {
  OutboxRows empty;
  EXPECT_EQ(empty.bytes(), 0);
  OutboxRows bare;
  bare.add({.topic = "t"});
  OutboxRows full;
  full.add({.topic = "t", .key = "four", .headers = "[]", .payload = "pay"});
  EXPECT_EQ(full.bytes(), bare.bytes() + 9);
}

}  // namespace
}  // namespace pawl
