#include <gtest/gtest.h>

#include "pawl/core/record.h"
#include "support/records.h"

namespace pawl {
namespace {

TEST(Record, TheLastHeaderOfANameCounts) {
  const Record record =
      test::make_record({.headers = {{"a", "1"}, {"b", std::nullopt}, {"a", "2"}}});
  ASSERT_TRUE(record.header("a"));
  EXPECT_EQ(record.header("a")->value, "2");
  ASSERT_TRUE(record.header("b"));
  EXPECT_FALSE(record.header("b")->value);
  EXPECT_FALSE(record.header("c"));
}

TEST(Record, HeadersAreNumberedInTheirOrder) {
  const Record record = test::make_record({.headers = {{"a", "1"}, {"b", std::nullopt}}});
  ASSERT_TRUE(record.header_at(1));
  EXPECT_EQ(record.header_at(0)->name, "a");
  EXPECT_EQ(record.header_at(1)->name, "b");
  EXPECT_FALSE(record.header_at(2));
  EXPECT_FALSE(Record{}.header_at(0));
}

TEST(Record, NullIsNotEmpty) {
  const Record record = test::make_record({"", std::nullopt, {{"", ""}, {"", std::nullopt}}});
  EXPECT_EQ(record.key, "");
  EXPECT_EQ(record.value, std::nullopt);
  EXPECT_EQ(record.header_at(0)->value, "");
  EXPECT_EQ(record.header_at(1)->name, "");
  EXPECT_EQ(record.header_at(1)->value, std::nullopt);
  EXPECT_FALSE(record.header_at(2));
}

TEST(Record, ItsBytesMoveWithIt) {
  Record record = test::make_record({.value = "value", .headers = {{"a", "1"}}});
  const std::string_view value = *record.value;
  const Record moved = std::move(record);
  EXPECT_EQ(moved.value->data(), value.data());
  EXPECT_EQ(moved.header("a")->value, "1");
}

TEST(Record, CountsKeyValueAndHeaders) {
  EXPECT_EQ(Record{}.bytes, 0U);
  const Record record =
      test::make_record({"key", "value", {{"name", "x"}, {"null", std::nullopt}}});
  EXPECT_EQ(record.bytes, 3U + 5 + 5 + 4);
}

}  // namespace
}  // namespace pawl
